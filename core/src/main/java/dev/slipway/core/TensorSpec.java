package dev.slipway.core;

/**
 * A named input or output of a model.
 *
 * @param optional whether a request may leave it out (an ONNX initialiser that may be overridden)
 */
public record TensorSpec(String name, DataType dataType, DeclaredShape shape, boolean optional) {

    public TensorSpec(String name, DataType dataType, DeclaredShape shape) {
        this(name, dataType, shape, false);
    }

    @Override
    public String toString() {
        return name + ": " + dataType + shape + (optional ? "?" : "");
    }
}
