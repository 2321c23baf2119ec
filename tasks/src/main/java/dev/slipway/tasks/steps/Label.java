package dev.slipway.tasks.steps;

import dev.slipway.core.DataType;
import dev.slipway.core.Elements;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The class names at the given positions, as BYTES. */
public record Label(List<String> labels) implements Decision {

    public Label {
        labels = List.copyOf(labels);
    }

    @Override
    public Flow check(Flow input) {
        if (!input.dataType().integral() && input.dataType() != DataType.BOOL) {
            throw Flows.bad(
                    "label takes positions, as argmax gives them, " + input.dataType() + input.shape() + " given");
        }
        if (labels.isEmpty()) {
            throw Flows.bad("label needs the class names: give the package its labels");
        }
        return new Flow(DataType.BYTES, input.shape());
    }

    @Override
    public TensorLease apply(TensorLease input, TensorPool pool) {
        Tensor from = input.tensor();
        List<byte[]> names = new ArrayList<>();
        for (long i = 0; i < from.shape().elements(); i++) {
            long position = Elements.whole(from, i);
            if (position < 0 || position >= labels.size()) {
                throw new FailureException(new Failure.ModelFailed(
                        "the model answered class " + position + ", there are " + labels.size() + " labels"));
            }
            names.add(labels.get((int) position).getBytes(StandardCharsets.UTF_8));
        }
        return pool.copyOfBytes(from.shape(), names);
    }
}
