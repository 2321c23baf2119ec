package dev.slipway.core;

import java.math.BigInteger;
import java.util.Optional;

/** An element type of a tensor, named as the Open Inference Protocol V2 names it. */
public enum DataType {
    BOOL(1),
    UINT8(1),
    UINT16(2),
    UINT32(4),
    UINT64(8),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    FP16(2),
    BF16(2),
    FP32(4),
    FP64(8),
    /** Strings of bytes; each element has its own length. */
    BYTES(0);

    private final int bytes;

    DataType(int bytes) {
        this.bytes = bytes;
    }

    /** The size of one element in bytes; 0 for {@link #BYTES}, whose elements have no common size. */
    public int bytes() {
        return bytes;
    }

    public boolean floating() {
        return switch (this) {
            case FP16, BF16, FP32, FP64 -> true;
            case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES -> false;
        };
    }

    public boolean integral() {
        return switch (this) {
            case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> true;
            case BOOL, FP16, BF16, FP32, FP64, BYTES -> false;
        };
    }

    /** The least whole number of an integral type. */
    public long least() {
        return switch (this) {
            case INT8 -> Byte.MIN_VALUE;
            case INT16 -> Short.MIN_VALUE;
            case INT32 -> Integer.MIN_VALUE;
            case INT64 -> Long.MIN_VALUE;
            case UINT8, UINT16, UINT32, UINT64 -> 0;
            case BOOL, FP16, BF16, FP32, FP64, BYTES -> throw notIntegral();
        };
    }

    /** The greatest whole number of an integral type; of {@link #UINT64} the 64 bits of 2^64-1. */
    public long most() {
        return switch (this) {
            case INT8 -> Byte.MAX_VALUE;
            case UINT8 -> 0xFF;
            case INT16 -> Short.MAX_VALUE;
            case UINT16 -> 0xFFFF;
            case INT32 -> Integer.MAX_VALUE;
            case UINT32 -> 0xFFFF_FFFFL;
            case INT64 -> Long.MAX_VALUE;
            case UINT64 -> -1;
            case BOOL, FP16, BF16, FP32, FP64, BYTES -> throw notIntegral();
        };
    }

    private IllegalStateException notIntegral() {
        return new IllegalStateException(this + " is no type of whole numbers");
    }

    /** Whether a whole number is one of this integral type. */
    public boolean holds(BigInteger number) {
        return least() == 0 ? number.signum() >= 0 && number.bitLength() <= 8 * bytes : number.bitLength() < 8 * bytes;
    }

    public static Optional<DataType> of(String name) {
        for (DataType type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
