package dev.slipway.steps.image;

import dev.slipway.core.DataType;
import dev.slipway.core.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** The elements of a tensor as numbers of another type. */
final class Numbers {

    /** The types that can be read here. */
    static final List<DataType> TYPES = List.of(
            DataType.UINT8,
            DataType.INT8,
            DataType.UINT16,
            DataType.INT16,
            DataType.INT32,
            DataType.INT64,
            DataType.FP16,
            DataType.FP32,
            DataType.FP64);

    private Numbers() {}

    static float[] floats(Tensor tensor) {
        MemorySegment data = tensor.data();
        float[] values = new float[Math.toIntExact(tensor.shape().elements())];
        switch (tensor.dataType()) {
            case FP32 -> MemorySegment.copy(data, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values, 0, values.length);
            case UINT8 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = data.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
                }
            }
            default -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) read(tensor, i);
                }
            }
        }
        return values;
    }

    static double read(Tensor tensor, int i) {
        MemorySegment data = tensor.data();
        return switch (tensor.dataType()) {
            case UINT8 -> data.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
            case INT8 -> data.get(ValueLayout.JAVA_BYTE, i);
            case UINT16 -> data.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i) & 0xFFFF;
            case INT16 -> data.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i);
            case INT32 -> data.get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i);
            case INT64 -> data.get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i);
            case FP16 -> Float.float16ToFloat(data.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i));
            case FP32 -> data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i);
            case FP64 -> data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8L * i);
            case BOOL, UINT32, UINT64, BF16, BYTES ->
                throw new IllegalArgumentException(tensor + " holds no numbers that an image step reads");
        };
    }

    /** Writes a number; to an integer its part before the point, at the edge of the range when it lies outside. */
    static void write(Tensor tensor, int i, double value) {
        MemorySegment data = tensor.data();
        switch (tensor.dataType()) {
            case UINT8 -> data.set(ValueLayout.JAVA_BYTE, i, (byte) Math.clamp((long) value, 0, 255));
            case INT8 -> data.set(ValueLayout.JAVA_BYTE, i, (byte) Math.clamp((long) value, -128, 127));
            case UINT16 ->
                data.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, (short) Math.clamp((long) value, 0, 65_535));
            case INT16 ->
                data.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, (short) Math.clamp((long) value, -32_768, 32_767));
            case INT32 -> data.set(ValueLayout.JAVA_INT_UNALIGNED, 4L * i, (int) value);
            case INT64 -> data.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i, (long) value);
            case FP16 -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, Float.floatToFloat16((float) value));
            case FP32 -> data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, (float) value);
            case FP64 -> data.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8L * i, value);
            case BOOL, UINT32, UINT64, BF16, BYTES ->
                throw new IllegalArgumentException(tensor + " holds no numbers that an image step writes");
        }
    }
}
