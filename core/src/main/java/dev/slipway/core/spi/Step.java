package dev.slipway.core.spi;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;

/** One stage between what a caller sends or gets and a tensor of the graph. Keeps no state between requests. */
public interface Step {

    /** The type and shape of what flows between steps. */
    record Flow(DataType dataType, DeclaredShape shape) {}

    /**
     * What comes out of this step when {@code input} goes in.
     *
     * @throws dev.slipway.core.FailureException {@code BadInput} when the step cannot follow on that
     */
    Flow check(Flow input);

    /** The step for the instances of one request; what it keeps between them, to limit them together, is its own. */
    default Step forRequest() {
        return this;
    }

    /**
     * Does the step on one instance.
     *
     * @param input stays the caller's
     * @return memory from {@code pool}, or another claim on the input's
     * @throws dev.slipway.core.FailureException {@code BadInput} when this very input cannot be used, {@code TooLarge}
     *     when it would take too much
     */
    TensorLease apply(TensorLease input, TensorPool pool);
}
