package dev.slipway.core;

import java.util.Locale;
import java.util.Optional;

/** What a model is for, which decides the friendly form of its requests and answers. */
public enum Task {
    /** No task: named tensors in, named tensors out. */
    TENSORS,
    IMAGE_CLASSIFICATION,
    TABULAR_CLASSIFICATION,
    TABULAR_REGRESSION;

    /** The name in files and interfaces: {@code image-classification}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Task> of(String id) {
        for (Task task : values()) {
            if (task.id().equals(id)) {
                return Optional.of(task);
            }
        }
        return Optional.empty();
    }
}
