package dev.slipway.engines.onnxruntime;

import dev.slipway.core.DataType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ONNX's numbers for element types, and the data types that they are. */
final class ElementType {

    private static final List<String> NAMES = List.of(
            "undefined",
            "float",
            "uint8",
            "int8",
            "uint16",
            "int16",
            "int32",
            "int64",
            "string",
            "bool",
            "float16",
            "double",
            "uint32",
            "uint64",
            "complex64",
            "complex128",
            "bfloat16",
            "float8e4m3fn",
            "float8e4m3fnuz",
            "float8e5m2",
            "float8e5m2fnuz",
            "uint4",
            "int4",
            "float4e2m1",
            "uint2",
            "int2",
            "float8e8m0");

    private ElementType() {}

    static int of(DataType type) {
        return switch (type) {
            case FP32 -> 1;
            case UINT8 -> 2;
            case INT8 -> 3;
            case UINT16 -> 4;
            case INT16 -> 5;
            case INT32 -> 6;
            case INT64 -> 7;
            case BYTES -> 8;
            case BOOL -> 9;
            case FP16 -> 10;
            case FP64 -> 11;
            case UINT32 -> 12;
            case UINT64 -> 13;
            case BF16 -> 16;
        };
    }

    /** The data type, or null for one that no data type stands for. */
    static @Nullable DataType dataType(int elementType) {
        for (DataType type : DataType.values()) {
            if (of(type) == elementType) {
                return type;
            }
        }
        return null;
    }

    static String name(int elementType) {
        return elementType >= 0 && elementType < NAMES.size() ? NAMES.get(elementType) : "type " + elementType;
    }
}
