package dev.slipway.tasks.steps;

import dev.slipway.core.Elements;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;

/** exp(x - max) over its sum, along the last axis, computed in double precision. */
record Softmax() implements Probabilities {

    @Override
    public Flow check(Flow input) {
        Flows.requireNumbers("softmax", input);
        if (input.shape().ranked() && input.shape().dims().isEmpty()) {
            throw Flows.bad("softmax takes rows of numbers, " + input.dataType() + input.shape() + " given");
        }
        return new Flow(Flows.real(input.dataType()), input.shape());
    }

    @Override
    public TensorLease apply(TensorLease input, TensorPool pool) {
        Tensor from = input.tensor();
        Shape shape = from.shape();
        TensorLease output = pool.allocate(Flows.real(from.dataType()), shape);
        long row = shape.rank() == 0 ? 1 : shape.dim(shape.rank() - 1);
        for (long start = 0; start < shape.elements(); start += row) {
            row(from, output.tensor(), start, start + row);
        }
        return output;
    }

    private static void row(Tensor from, Tensor to, long start, long end) {
        double most = Double.NEGATIVE_INFINITY;
        for (long i = start; i < end; i++) {
            most = Math.max(most, Elements.get(from, i));
        }
        double sum = 0;
        for (long i = start; i < end; i++) {
            sum += Math.exp(Elements.get(from, i) - most);
        }
        for (long i = start; i < end; i++) {
            Elements.set(to, i, Math.exp(Elements.get(from, i) - most) / sum);
        }
    }
}
