package dev.slipway.graph;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;

/** How much data one {@code TensorProto} carries, by the field it stands in; ONNX Runtime looks only when it is used. */
final class TensorPayload {

    long raw = -1;
    long floats;
    long ints;
    long longs;
    long doubles;
    long unsigned;
    long strings;

    /**
     * Refuses data that is not what the tensor's shape needs.
     *
     * @throws FailureException {@code BadInput}, naming the tensor
     */
    void require(OnnxTensor tensor) {
        ElementType type = ElementType.orUndefined(tensor.element());
        long elements = tensor.elements();
        if (elements < 0) {
            throw refused(tensor, "is negative or too large to count");
        }
        if (raw >= 0 && type.sized()) {
            requireEqual(tensor, "bytes", type.bytes(elements), raw);
        } else if (raw < 0 && type != ElementType.UNDEFINED) {
            requireEqual(tensor, "values", values(type, elements), given(type));
        }
    }

    private long given(ElementType type) {
        return switch (type) {
            case FLOAT, COMPLEX64 -> floats;
            case DOUBLE, COMPLEX128 -> doubles;
            case INT64 -> longs;
            case UINT32, UINT64 -> unsigned;
            case STRING -> strings;
            case UNDEFINED,
                    UINT8,
                    INT8,
                    UINT16,
                    INT16,
                    INT32,
                    BOOL,
                    FLOAT16,
                    BFLOAT16,
                    FLOAT8E4M3FN,
                    FLOAT8E4M3FNUZ,
                    FLOAT8E5M2,
                    FLOAT8E5M2FNUZ,
                    FLOAT8E8M0,
                    FLOAT4E2M1,
                    UINT4,
                    INT4,
                    UINT2,
                    INT2 -> ints;
        };
    }

    /** Complex numbers are two values; elements smaller than a byte share one. */
    private static long values(ElementType type, long elements) {
        return switch (type) {
            case COMPLEX64, COMPLEX128 -> Math.multiplyExact(elements, 2L);
            case FLOAT4E2M1, UINT4, INT4, UINT2, INT2 -> type.bytes(elements);
            default -> elements;
        };
    }

    private static void requireEqual(OnnxTensor tensor, String unit, long needed, long given) {
        if (needed != given) {
            throw refused(tensor, "needs " + needed + " " + unit + ", " + given + " given");
        }
    }

    private static FailureException refused(OnnxTensor tensor, String why) {
        return new FailureException(Failure.BadInput.of("tensor '" + tensor.name() + "' of "
                + ElementType.word(tensor.element()) + ": its shape " + tensor.dims() + " " + why));
    }
}
