package dev.slipway.tasks.steps;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Elements;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;

/** The {@code count} largest elements of one row, best first, as FP64[count,2] of position and score. */
public record Top(int count) implements Decision {

    /** So many where nobody says how many. */
    public static final int USUAL = 5;

    @Override
    public Flow check(Flow input) {
        Flows.requireVector("top", input);
        return new Flow(DataType.FP64, DeclaredShape.of(Dimension.UNKNOWN, Dimension.of(2)));
    }

    @Override
    public TensorLease apply(TensorLease input, TensorPool pool) {
        Tensor from = input.tensor();
        List<Long> best = LongStream.range(0, from.shape().elements())
                .boxed()
                .sorted(Comparator.comparingDouble((Long i) -> -Elements.get(from, i)))
                .limit(count)
                .toList();
        TensorLease output = pool.allocate(DataType.FP64, Shape.of(best.size(), 2));
        for (int i = 0; i < best.size(); i++) {
            Elements.set(output.tensor(), 2L * i, best.get(i));
            Elements.set(output.tensor(), 2L * i + 1, Elements.get(from, best.get(i)));
        }
        return output;
    }
}
