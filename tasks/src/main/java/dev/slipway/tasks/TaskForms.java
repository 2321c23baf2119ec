package dev.slipway.tasks;

import dev.slipway.core.Manifest;
import dev.slipway.core.spi.StepProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;

/** Makes the form of a version's task from its manifest, with the steps at hand. */
public final class TaskForms {

    private final Steps steps;

    /** The forms with these steps and the built-in ones, which win where both have a name. */
    public TaskForms(Collection<StepProvider> steps) {
        this.steps = new Steps(steps);
    }

    /** The forms with the steps that the {@code ServiceLoader} finds, and the built-in ones. */
    public static TaskForms load() {
        List<StepProvider> found = new ArrayList<>();
        ServiceLoader.load(StepProvider.class).forEach(found::add);
        return new TaskForms(found);
    }

    /**
     * Makes a form, checking every step's arguments, types and shapes against the signature.
     *
     * @throws dev.slipway.core.FailureException {@code BadInput} saying which step of which input or output does not
     *     follow
     */
    public TaskForm create(Manifest manifest) {
        return switch (manifest.task()) {
            case TENSORS -> new TensorsForm(manifest);
            case IMAGE_CLASSIFICATION -> new ImageForm(manifest, steps);
            case TABULAR_CLASSIFICATION -> new TabularForm(manifest, steps, new ClassAnswer(manifest, steps, false));
            case TABULAR_REGRESSION -> new TabularForm(manifest, steps, new ValueAnswer(manifest, steps));
        };
    }
}
