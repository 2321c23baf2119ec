package dev.slipway.tasks.steps;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.spi.Step;

/** What steps require of what flows into them. */
final class Flows {

    private Flows() {}

    static FailureException bad(String detail) {
        return new FailureException(Failure.BadInput.of(detail));
    }

    static void requireNumbers(String step, Step.Flow flow) {
        if (flow.dataType() == DataType.BYTES) {
            throw bad(step + " takes numbers, BYTES" + flow.shape() + " given");
        }
    }

    /** Requires one vector, the scores of the classes. */
    static void requireVector(String step, Step.Flow flow) {
        requireNumbers(step, flow);
        DeclaredShape shape = flow.shape();
        if (shape.ranked() && shape.dims().size() != 1) {
            throw bad(step + " takes one row of numbers, " + flow.dataType() + shape + " given");
        }
    }

    /** The type of real numbers that arithmetic on {@code type} gives. */
    static DataType real(DataType type) {
        return type.floating() ? type : DataType.FP32;
    }
}
