package dev.slipway.graph;

import java.nio.file.Path;

/** Reads ONNX files as data: bounded in memory, never executing anything, refusing what is broken by name. */
public final class OnnxReader {

    private OnnxReader() {}

    /** Whether the bytes at the beginning of a file may be an ONNX model's. */
    public static boolean looksLikeOnnx(Path file) {
        throw new UnsupportedOperationException();
    }

    /**
     * Inspects a model.
     *
     * @throws dev.slipway.core.FailureException {@code BadInput} for a broken file or a weight file outside the model's
     *     folder; {@code Unsupported} for optional and sequence inputs, sparse and int4 tensors in the signature, by
     *     name
     */
    public static OnnxInspection inspect(Path model) {
        throw new UnsupportedOperationException();
    }
}
