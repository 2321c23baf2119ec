package dev.slipway.server.config;

import dev.slipway.core.DataSize;
import dev.slipway.core.ModelName;
import org.jspecify.annotations.Nullable;

/**
 * How models are served.
 *
 * @param tensorMemory the most native memory that tensors of requests and answers hold together
 * @param tensorMemoryKept the most of it that is kept for later use
 * @param strictReadiness whether a version that failed to load keeps the server from being ready
 * @param defaultModel what {@code POST /predict} without a name means; null: the only model
 */
public record Serving(
        DataSize tensorMemory,
        DataSize tensorMemoryKept,
        boolean strictReadiness,
        @Nullable String defaultModel) {

    public static final Serving DEFAULT =
            new Serving(DataSize.ofMebibytes(4 << 10), DataSize.ofMebibytes(256), false, null);

    public Serving {
        if (tensorMemory.bytes() < 1 << 20) {
            throw new IllegalArgumentException("serving.tensor_memory " + tensorMemory + " must be at least 1MiB");
        }
        if (tensorMemoryKept.compareTo(tensorMemory) > 0) {
            throw new IllegalArgumentException("serving.tensor_memory_kept " + tensorMemoryKept
                    + " must be at most serving.tensor_memory, " + tensorMemory);
        }
        if (defaultModel != null && !ModelName.isName(defaultModel)) {
            throw new IllegalArgumentException("serving.default_model '" + defaultModel + "' must be a model's name");
        }
    }
}
