package dev.slipway.tasks.steps;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Elements;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;

/** The position of the largest element of one row, the first of equals, as INT64[]. */
record Argmax() implements Decision {

    @Override
    public Flow check(Flow input) {
        Flows.requireVector("argmax", input);
        return new Flow(DataType.INT64, DeclaredShape.of(new long[0]));
    }

    @Override
    public TensorLease apply(TensorLease input, TensorPool pool) {
        Tensor from = input.tensor();
        if (from.shape().elements() == 0) {
            throw new FailureException(new Failure.ModelFailed("argmax of no scores: the model gave " + from));
        }
        long best = 0;
        for (long i = 1; i < from.shape().elements(); i++) {
            if (Elements.get(from, i) > Elements.get(from, best)) {
                best = i;
            }
        }
        TensorLease output = pool.allocate(DataType.INT64, Shape.SCALAR);
        Elements.setWhole(output.tensor(), 0, best);
        return output;
    }
}
