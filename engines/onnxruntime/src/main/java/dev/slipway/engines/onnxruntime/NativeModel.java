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

    OrtApi api() {
        return environment.api();
    }
}
