package dev.slipway.deployment;

import dev.slipway.core.Manifest;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.tasks.TaskForm;
import dev.slipway.tasks.TaskForms;
import java.util.concurrent.ConcurrentHashMap;

/** The forms of the versions in memory, each made once. */
final class Forms {

    private final TaskForms makers;
    private final ConcurrentHashMap<LoadedVersion, TaskForm> made = new ConcurrentHashMap<>();

    Forms(TaskForms makers) {
        this.makers = makers;
    }

    TaskForm create(Manifest manifest) {
        return makers.create(manifest);
    }

    void keep(LoadedVersion loaded, TaskForm form) {
        made.put(loaded, form);
    }

    void forget(LoadedVersion loaded) {
        made.remove(loaded);
    }

    /** The form of a version; one that is leaving memory gets a form of its own, which is not kept. */
    TaskForm of(LoadedVersion loaded) {
        TaskForm form = made.get(loaded);
        return form == null ? create(loaded.manifest()) : form;
    }
}
