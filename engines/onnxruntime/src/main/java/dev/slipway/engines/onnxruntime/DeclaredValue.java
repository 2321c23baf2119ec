package dev.slipway.engines.onnxruntime;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import org.jspecify.annotations.Nullable;

/**
 * An input or output as a graph declares it.
 *
 * @param dataType the type of the tensor's elements, or of the map's values
 * @param shape the shape of the tensor, or of each tensor of the sequence
 * @param keyType the type of the map's keys; null where there is no map
 */
record DeclaredValue(
        String name,
        Form form,
        DataType dataType,
        DeclaredShape shape,
        @Nullable DataType keyType) {

    /** What ONNX calls the type of a value; others are refused when the model is opened. */
    enum Form {
        TENSOR,
        /** A sequence of tensors. */
        TENSORS,
        /** A map from keys to numbers. */
        MAP,
        /** A sequence of maps, as ZipMap makes one per row. */
        MAPS
    }
}
