package dev.slipway.tasks.steps;

import dev.slipway.core.Elements;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Step;
import java.util.function.DoubleUnaryOperator;

/** One function of every element; whole numbers become FP32. */
record Elementwise(String name, DoubleUnaryOperator function) implements Step {

    @Override
    public Flow check(Flow input) {
        Flows.requireNumbers(name, input);
        return new Flow(Flows.real(input.dataType()), input.shape());
    }

    @Override
    public TensorLease apply(TensorLease input, TensorPool pool) {
        Tensor from = input.tensor();
        TensorLease output = pool.allocate(Flows.real(from.dataType()), from.shape());
        for (long i = 0; i < from.shape().elements(); i++) {
            Elements.set(output.tensor(), i, function.applyAsDouble(Elements.get(from, i)));
        }
        return output;
    }
}
