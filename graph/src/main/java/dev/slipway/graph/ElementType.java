package dev.slipway.graph;

import dev.slipway.core.DataType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An element type by its number in {@code TensorProto.DataType}. */
enum ElementType {
    UNDEFINED(0, null, 0),
    FLOAT(1, DataType.FP32, 32),
    UINT8(2, DataType.UINT8, 8),
    INT8(3, DataType.INT8, 8),
    UINT16(4, DataType.UINT16, 16),
    INT16(5, DataType.INT16, 16),
    INT32(6, DataType.INT32, 32),
    INT64(7, DataType.INT64, 64),
    STRING(8, DataType.BYTES, 0),
    BOOL(9, DataType.BOOL, 8),
    FLOAT16(10, DataType.FP16, 16),
    DOUBLE(11, DataType.FP64, 64),
    UINT32(12, DataType.UINT32, 32),
    UINT64(13, DataType.UINT64, 64),
    COMPLEX64(14, null, 64),
    COMPLEX128(15, null, 128),
    BFLOAT16(16, DataType.BF16, 16),
    FLOAT8E4M3FN(17, null, 8),
    FLOAT8E4M3FNUZ(18, null, 8),
    FLOAT8E5M2(19, null, 8),
    FLOAT8E5M2FNUZ(20, null, 8),
    UINT4(21, null, 4),
    INT4(22, null, 4),
    FLOAT4E2M1(23, null, 4),
    FLOAT8E8M0(24, null, 8),
    UINT2(25, null, 2),
    INT2(26, null, 2);

    private final int number;
    private final @Nullable DataType dataType;
    private final int bits;

    ElementType(int number, @Nullable DataType dataType, int bits) {
        this.number = number;
        this.dataType = dataType;
        this.bits = bits;
    }

    static Optional<ElementType> of(long number) {
        return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
    }

    /** The type of a number that may be none of these, which is {@code UNDEFINED}. */
    static ElementType orUndefined(long number) {
        return of(number).orElse(UNDEFINED);
    }

    /** The name for people: {@code int4}, or the number when it has none. */
    static String word(int number) {
        return of(number).map(type -> type.name().toLowerCase(Locale.ROOT)).orElse("type " + number);
    }

    int number() {
        return number;
    }

    /** The type as the protocols name it, when they do. */
    Optional<DataType> dataType() {
        return Optional.ofNullable(dataType);
    }

    /** Whether every element takes the same space. */
    boolean sized() {
        return bits > 0;
    }

    /** The bytes that {@code elements} take in a file; elements smaller than a byte are packed. */
    long bytes(long elements) {
        return Math.ceilDivExact(Math.multiplyExact(elements, (long) bits), 8L);
    }
}
