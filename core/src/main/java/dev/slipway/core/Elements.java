package dev.slipway.core;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The elements of tensors, one at a time, whatever their type: little-endian in memory, numbers or values in Java. */
public final class Elements {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Elements() {}

    /** An element of a tensor of numbers as a double, the nearest one to a long whole number. */
    public static double get(Tensor tensor, long i) {
        return get(tensor.dataType(), tensor.data(), i);
    }

    /** Element {@code i} of memory that holds numbers of a type one after another. */
    public static double get(DataType dataType, MemorySegment data, long i) {
        return switch (dataType) {
            case FP32 -> data.get(FLOAT, 4 * i);
            case FP64 -> data.get(DOUBLE, 8 * i);
            case FP16 -> Float.float16ToFloat(data.get(SHORT, 2 * i));
            case BF16 -> Float.intBitsToFloat(data.get(SHORT, 2 * i) << 16);
            case UINT64 -> unsigned(data.get(LONG, 8 * i));
            case BOOL, UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> whole(dataType, data, i);
            case BYTES -> throw new IllegalArgumentException("BYTES elements are no numbers");
        };
    }

    private static double unsigned(long value) {
        return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
    }

    /** An element of a type of whole numbers, exactly; one of {@link DataType#UINT64} as the same 64 bits. */
    public static long whole(Tensor tensor, long i) {
        return whole(tensor.dataType(), tensor.data(), i);
    }

    private static long whole(DataType dataType, MemorySegment data, long i) {
        return switch (dataType) {
            case BOOL, UINT8 -> data.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
            case INT8 -> data.get(ValueLayout.JAVA_BYTE, i);
            case UINT16 -> data.get(SHORT, 2 * i) & 0xFFFF;
            case INT16 -> data.get(SHORT, 2 * i);
            case UINT32 -> Integer.toUnsignedLong(data.get(INT, 4 * i));
            case INT32 -> data.get(INT, 4 * i);
            case INT64, UINT64 -> data.get(LONG, 8 * i);
            case FP16, BF16, FP32, FP64, BYTES ->
                throw new IllegalArgumentException(dataType + " elements are no whole numbers");
        };
    }

    /** Writes a number, rounded to the nearest value of the tensor's type. */
    public static void set(Tensor tensor, long i, double value) {
        set(tensor.dataType(), tensor.data(), i, value);
    }

    /** Writes element {@code i} of memory that holds numbers of a type, rounded to the nearest of its values. */
    public static void set(DataType dataType, MemorySegment data, long i, double value) {
        switch (dataType) {
            case FP32 -> data.set(FLOAT, 4 * i, (float) value);
            case FP64 -> data.set(DOUBLE, 8 * i, value);
            case FP16 -> data.set(SHORT, 2 * i, Float.floatToFloat16((float) value));
            case BF16 -> data.set(SHORT, 2 * i, brain((float) value));
            case BOOL -> data.set(ValueLayout.JAVA_BYTE, i, (byte) (value != 0 ? 1 : 0));
            case UINT64 -> setWhole(dataType, data, i, unsigned(Math.rint(value)));
            case UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 ->
                setWhole(dataType, data, i, Math.clamp((long) Math.rint(value), dataType.least(), dataType.most()));
            case BYTES -> throw new IllegalArgumentException("BYTES elements are no numbers");
        }
    }

    private static long unsigned(double value) {
        if (value < 0x1p63) {
            return Math.max(0, (long) value);
        }
        return value < 0x1p64 ? (long) (value - 0x1p63) + Long.MIN_VALUE : -1;
    }

    private static short brain(float value) {
        int bits = Float.floatToRawIntBits(value);
        return Float.isNaN(value) ? (short) 0x7FC0 : (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }

    /** Writes the low bits of a whole number into a tensor of whole numbers. */
    public static void setWhole(Tensor tensor, long i, long value) {
        setWhole(tensor.dataType(), tensor.data(), i, value);
    }

    /** Writes the low bits of a whole number as element {@code i} of memory that holds whole numbers of a type. */
    public static void setWhole(DataType dataType, MemorySegment data, long i, long value) {
        switch (dataType.bytes()) {
            case 1 -> data.set(ValueLayout.JAVA_BYTE, i, (byte) value);
            case 2 -> data.set(SHORT, 2 * i, (short) value);
            case 4 -> data.set(INT, 4 * i, (int) value);
            default -> data.set(LONG, 8 * i, value);
        }
    }

    /**
     * An element as a Java value: {@link Boolean}, {@link Long}, {@link BigInteger} of UINT64, {@link Float}, {@link
     * Double} of FP64, or of BYTES the text that is written in UTF-8.
     */
    public static Object value(Tensor tensor, long i) {
        return switch (tensor.dataType()) {
            case BOOL -> whole(tensor, i) != 0;
            case UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> whole(tensor, i);
            case UINT64 -> new BigInteger(Long.toUnsignedString(whole(tensor, i)));
            case FP16, BF16, FP32 -> (float) get(tensor, i);
            case FP64 -> get(tensor, i);
            case BYTES -> new String(tensor.element(i).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        };
    }

    /** All elements as Java values, in lists nested as the shape nests them; of a scalar the one value. */
    public static Object nested(Tensor tensor) {
        return nested(tensor, 0, 0, tensor.shape().elements());
    }

    private static Object nested(Tensor tensor, int axis, long first, long elements) {
        if (axis == tensor.shape().rank()) {
            return value(tensor, first);
        }
        long size = tensor.shape().dim(axis);
        List<Object> list = new ArrayList<>();
        for (long i = 0; i < size; i++) {
            list.add(nested(tensor, axis + 1, first + i * (elements / size), elements / size));
        }
        return list;
    }
}
