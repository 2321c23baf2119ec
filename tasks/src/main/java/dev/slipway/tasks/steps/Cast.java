package dev.slipway.tasks.steps;

import dev.slipway.core.DataType;
import dev.slipway.core.Elements;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Step;

/** The same numbers in another type; fractions are rounded to the nearest whole number, ties to even. */
record Cast(DataType to) implements Step {

    @Override
    public Flow check(Flow input) {
        Flows.requireNumbers("cast", input);
        return new Flow(to, input.shape());
    }

    @Override
    public TensorLease apply(TensorLease input, TensorPool pool) {
        Tensor from = input.tensor();
        if (from.dataType() == to) {
            return input.retain();
        }
        TensorLease output = pool.allocate(to, from.shape());
        boolean whole = !from.dataType().floating() && to.integral();
        for (long i = 0; i < from.shape().elements(); i++) {
            if (whole) {
                Elements.setWhole(output.tensor(), i, Elements.whole(from, i));
            } else {
                Elements.set(output.tensor(), i, Elements.get(from, i));
            }
        }
        return output;
    }
}
