package dev.slipway.tasks;

import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorSpec;
import dev.slipway.core.spi.Step;
import java.util.Arrays;
import java.util.List;

/** One instance's part of an output. */
final class Rows {

    private Rows() {}

    /** What flows from one instance's part of a declared output. */
    static Step.Flow flow(TensorSpec spec) {
        DeclaredShape shape = spec.shape();
        if (!shape.ranked() || shape.dims().isEmpty()) {
            return new Step.Flow(spec.dataType(), shape);
        }
        List<Dimension> dims = shape.dims();
        boolean counts = dims.getFirst() instanceof Dimension.Dynamic
                || (dims.size() > 1 && dims.getFirst().equals(Dimension.of(1)));
        return new Step.Flow(spec.dataType(), counts ? new DeclaredShape(true, dims.subList(1, dims.size())) : shape);
    }

    static Tensor output(InferenceResponse response, String name) {
        for (NamedTensor output : response.outputs()) {
            if (output.name().equals(name)) {
                return output.tensor();
            }
        }
        throw new FailureException(new Failure.ModelFailed("the model gave no output '" + name + "'"));
    }

    /** The part of instance {@code i} of {@code instances}, without the dimension that counts them. */
    static Tensor row(String name, Tensor tensor, int i, int instances) {
        Shape shape = tensor.shape();
        if (shape.rank() > 0 && shape.dim(0) == instances) {
            long[] dims = shape.toArray();
            return tensor.rows(i, 1).reshape(Shape.of(Arrays.copyOfRange(dims, 1, dims.length)));
        }
        if (instances == 1) {
            return tensor;
        }
        throw new FailureException(
                new Failure.ModelFailed("output '" + name + "' is " + tensor + " for " + instances + " instances"));
    }
}
