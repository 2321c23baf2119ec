package dev.slipway.graph;

import dev.slipway.core.DeclaredShape;

/** The type of a value in an ONNX graph. */
sealed interface OnnxType {

    /** A dense tensor; {@code element} is the number of {@code TensorProto.DataType}. */
    record Tensor(int element, DeclaredShape shape) implements OnnxType {}

    record Sparse(int element) implements OnnxType {}

    record Sequence(OnnxType element) implements OnnxType {}

    record Mapping(int key, OnnxType value) implements OnnxType {}

    record Optional(OnnxType element) implements OnnxType {}

    /** A type of a domain of its own. */
    record Opaque(String domain, String name) implements OnnxType {}

    /** Nothing is said: left to the runtime's inference. */
    enum Unknown implements OnnxType {
        UNKNOWN
    }
}
