package dev.slipway.tasks.steps;

import dev.slipway.core.DataType;
import dev.slipway.core.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The elements of a tensor of numbers, one at a time and as doubles, whatever their type. */
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

    public static double get(Tensor tensor, long i) {
        MemorySegment data = tensor.data();
        return switch (tensor.dataType()) {
            case FP32 -> data.get(FLOAT, 4 * i);
            case FP64 -> data.get(DOUBLE, 8 * i);
            case FP16 -> Float.float16ToFloat(data.get(SHORT, 2 * i));
            case BF16 -> Float.intBitsToFloat(data.get(SHORT, 2 * i) << 16);
            case UINT64 -> unsigned(data.get(LONG, 8 * i));
            case BOOL, UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> whole(tensor, i);
            case BYTES -> throw new IllegalArgumentException("BYTES elements are no numbers");
        };
    }

    private static double unsigned(long value) {
        return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
    }

    /** An element of a type of whole numbers, exactly; one of {@link DataType#UINT64} as the same 64 bits. */
    public static long whole(Tensor tensor, long i) {
        MemorySegment data = tensor.data();
        return switch (tensor.dataType()) {
            case BOOL, UINT8 -> data.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
            case INT8 -> data.get(ValueLayout.JAVA_BYTE, i);
            case UINT16 -> data.get(SHORT, 2 * i) & 0xFFFF;
            case INT16 -> data.get(SHORT, 2 * i);
            case UINT32 -> Integer.toUnsignedLong(data.get(INT, 4 * i));
            case INT32 -> data.get(INT, 4 * i);
            case INT64, UINT64 -> data.get(LONG, 8 * i);
            case FP16, BF16, FP32, FP64, BYTES ->
                throw new IllegalArgumentException(tensor.dataType() + " elements are no whole numbers");
        };
    }

    /** Writes a number, rounded to the nearest value of the tensor's type. */
    public static void set(Tensor tensor, long i, double value) {
        MemorySegment data = tensor.data();
        switch (tensor.dataType()) {
            case FP32 -> data.set(FLOAT, 4 * i, (float) value);
            case FP64 -> data.set(DOUBLE, 8 * i, value);
            case FP16 -> data.set(SHORT, 2 * i, Float.floatToFloat16((float) value));
            case BF16 -> data.set(SHORT, 2 * i, brain((float) value));
            case BOOL -> data.set(ValueLayout.JAVA_BYTE, i, (byte) (value != 0 ? 1 : 0));
            case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 ->
                setWhole(tensor, i, (long) Math.rint(value));
            case BYTES -> throw new IllegalArgumentException("BYTES elements are no numbers");
        }
    }

    private static short brain(float value) {
        int bits = Float.floatToRawIntBits(value);
        return Float.isNaN(value) ? (short) 0x7FC0 : (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }

    /** Writes the low bits of a whole number into a tensor of whole numbers. */
    public static void setWhole(Tensor tensor, long i, long value) {
        MemorySegment data = tensor.data();
        switch (tensor.dataType().bytes()) {
            case 1 -> data.set(ValueLayout.JAVA_BYTE, i, (byte) value);
            case 2 -> data.set(SHORT, 2 * i, (short) value);
            case 4 -> data.set(INT, 4 * i, (int) value);
            default -> data.set(LONG, 8 * i, value);
        }
    }
}
