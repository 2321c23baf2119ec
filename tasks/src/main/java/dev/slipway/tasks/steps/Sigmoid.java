package dev.slipway.tasks.steps;

import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;

/** 1 / (1 + exp(-x)) of every element. */
record Sigmoid() implements Probabilities {

    private static final Elementwise FUNCTION = new Elementwise("sigmoid", x -> 1 / (1 + Math.exp(-x)));

    @Override
    public Flow check(Flow input) {
        return FUNCTION.check(input);
    }

    @Override
    public TensorLease apply(TensorLease input, TensorPool pool) {
        return FUNCTION.apply(input, pool);
    }
}
