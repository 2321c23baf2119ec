package dev.slipway.core.spi;

import dev.slipway.core.StepSpec;
import java.util.Set;

/** What the {@code ServiceLoader} finds of a family of steps. */
public interface StepProvider {

    /** The names of the steps it makes. */
    Set<String> names();

    /**
     * Makes a step.
     *
     * @throws dev.slipway.core.FailureException {@code BadInput} for an argument that is missing, unknown (naming the
     *     near one) or wrong
     */
    Step create(StepSpec spec);
}
