package dev.slipway.tasks.steps;

import dev.slipway.core.DataType;
import dev.slipway.core.Elements;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;

/** Whether each element is at least {@code least}, as BOOL. */
public record Threshold(double least) implements Decision {

    @Override
    public Flow check(Flow input) {
        Flows.requireNumbers("threshold", input);
        return new Flow(DataType.BOOL, input.shape());
    }

    @Override
    public TensorLease apply(TensorLease input, TensorPool pool) {
        Tensor from = input.tensor();
        TensorLease output = pool.allocate(DataType.BOOL, from.shape());
        for (long i = 0; i < from.shape().elements(); i++) {
            Elements.set(output.tensor(), i, Elements.get(from, i) >= least ? 1 : 0);
        }
        return output;
    }
}
