package dev.slipway.server.config;

import dev.slipway.core.DataSize;
import dev.slipway.core.ModelName;
import org.jspecify.annotations.Nullable;

/**
 * How models are served.
 *
 * @param tensorMemory the most native memory that tensors of requests and answers hold together; 0: what {@link #within}
 *     makes of the memory there is
 * @param tensorMemoryKept the most of it that is kept for later use
 * @param modelMemory the most native memory that models hold together; 0: what {@link #within} makes of it
 * @param cacheMemory the most of the tensors' memory for answers that are kept for requests which come again
 * @param loadAtStart whether models are loaded at a start, as far as there is room, or only when they are asked
 * @param strictReadiness whether a version that failed to load keeps the server from being ready
 * @param defaultModel what {@code POST /predict} without a name means; null: the only model
 */
public record Serving(
        DataSize tensorMemory,
        DataSize tensorMemoryKept,
        DataSize modelMemory,
        DataSize cacheMemory,
        boolean loadAtStart,
        boolean strictReadiness,
        @Nullable String defaultModel) {

    /** The most that tensors take without being told. */
    private static final DataSize UNTOLD = DataSize.ofMebibytes(4 << 10);

    public static final Serving DEFAULT = new Serving(
            new DataSize(0), DataSize.ofMebibytes(256), new DataSize(0), DataSize.ofMebibytes(64), true, false, null);

    private static final DataSize LEAST_MODELS = DataSize.ofMebibytes(64);

    public Serving {
        if (tensorMemory.bytes() > 0 && tensorMemory.bytes() < 1 << 20) {
            throw new IllegalArgumentException(
                    "serving.tensor_memory " + tensorMemory + " must be at least 1MiB, or 0");
        }
        DataSize most = tensorMemory.bytes() == 0 ? UNTOLD : tensorMemory;
        if (tensorMemoryKept.compareTo(most) > 0) {
            throw new IllegalArgumentException("serving.tensor_memory_kept " + tensorMemoryKept
                    + " must be at most serving.tensor_memory, " + most);
        }
        if (modelMemory.bytes() > 0 && modelMemory.bytes() < 1 << 20) {
            throw new IllegalArgumentException("serving.model_memory " + modelMemory + " must be at least 1MiB, or 0");
        }
        if (defaultModel != null && !ModelName.isName(defaultModel)) {
            throw new IllegalArgumentException("serving.default_model '" + defaultModel + "' must be a model's name");
        }
    }

    /** The same with a default model. */
    public Serving with(String model) {
        return new Serving(
                tensorMemory, tensorMemoryKept, modelMemory, cacheMemory, loadAtStart, strictReadiness, model);
    }

    /** The same, strict or lenient about readiness. */
    public Serving with(boolean strict) {
        return new Serving(tensorMemory, tensorMemoryKept, modelMemory, cacheMemory, loadAtStart, strict, defaultModel);
    }

    /**
     * The same with what is left open chosen for a machine or container: tensors have a quarter of its memory, 4 GiB at
     * most, as the heap has one, and models nine tenths of what heap and tensors leave. Answers that
     * are kept have half of the tensors' memory at most.
     *
     * @param memory the bytes that the whole process may use
     * @param heap those of its heap
     */
    public Serving within(long memory, long heap) {
        long tensors = tensorMemory.bytes() > 0
                ? tensorMemory.bytes()
                : Math.min(UNTOLD.bytes(), Math.max(memory / 4, 1 << 20));
        long models = modelMemory.bytes() > 0
                ? modelMemory.bytes()
                : Math.max(LEAST_MODELS.bytes(), (memory - heap - tensors) / 10 * 9);
        return new Serving(
                new DataSize(tensors),
                new DataSize(Math.min(tensors, tensorMemoryKept.bytes())),
                new DataSize(models),
                new DataSize(Math.min(tensors / 2, cacheMemory.bytes())),
                loadAtStart,
                strictReadiness,
                defaultModel);
    }
}
