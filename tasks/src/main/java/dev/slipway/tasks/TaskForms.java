package dev.slipway.tasks;

import dev.slipway.core.Manifest;
import dev.slipway.core.spi.StepProvider;
import java.util.Collection;

/** Makes the form of a version's task from its manifest, with the steps at hand. */
public final class TaskForms {

    public TaskForms(Collection<StepProvider> steps) {
        throw new UnsupportedOperationException();
    }

    /** The forms with the steps that the {@code ServiceLoader} finds, and the built-in ones. */
    public static TaskForms load() {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes a form, checking every step's arguments, types and shapes against the signature.
     *
     * @throws dev.slipway.core.FailureException {@code BadInput} saying which step of which input or output does not
     *     follow
     */
    public TaskForm create(Manifest manifest) {
        throw new UnsupportedOperationException();
    }
}
