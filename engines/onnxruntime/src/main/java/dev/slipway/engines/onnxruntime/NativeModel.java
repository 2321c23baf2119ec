package dev.slipway.engines.onnxruntime;

import dev.slipway.core.DataSize;
import dev.slipway.core.TensorPool;
import java.nio.file.Path;

/**
 * What every run of a session needs to know.
 *
 * @param file the model's, for messages
 */
record NativeModel(
        OrtEnvironment environment,
        TensorPool pool,
        OpenedSession session,
        Path file,
        DataSize memoryLimit,
        OrtValues values,
        SequenceReader sequences) {

    /** What a session holds beside its arena, its graph and its kernels, in round numbers. */
    static final long BESIDE_WEIGHTS = 1 << 20;

    /** The bytes that the session holds: see {@link dev.slipway.core.spi.Session#memory}. */
    long memory() {
        return BESIDE_WEIGHTS + session.arena().bytes();
    }

    OrtApi api() {
        return environment.api();
    }
}
