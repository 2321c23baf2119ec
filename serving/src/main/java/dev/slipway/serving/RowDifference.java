package dev.slipway.serving;

import dev.slipway.core.DataType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** How far answers to the same rows lie apart: the largest difference of an output, relative to its largest answer. */
final class RowDifference {

    private static final ValueLayout.OfShort TWO = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FOUR = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble EIGHT =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Map<Integer, Double> largest = new HashMap<>();
    private final Map<Integer, Double> apart = new HashMap<>();
    private boolean bitsDiffer;

    /** Takes one more row of an output into account: the answer alone and the answer among others. */
    void add(int output, DataType type, MemorySegment alone, MemorySegment together) {
        if (type.floating() && alone.byteSize() == together.byteSize()) {
            addNumbers(output, type, alone, together);
        } else if (alone.mismatch(together) != -1) {
            bitsDiffer = true;
            apart.put(output, Double.POSITIVE_INFINITY);
        }
    }

    private void addNumbers(int output, DataType type, MemorySegment alone, MemorySegment together) {
        boolean same = alone.mismatch(together) == -1;
        for (long at = 0; at < alone.byteSize(); at += type.bytes()) {
            double expected = number(type, alone, at);
            if (Double.isFinite(expected)) {
                largest.merge(output, Math.abs(expected), Math::max);
            }
            if (!same) {
                double given = number(type, together, at);
                if (Double.compare(expected, given) != 0) { // NaN equals NaN whatever its bits, 0 is not -0
                    bitsDiffer = true;
                    double difference = Math.abs(expected - given);
                    apart.merge(output, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference, Math::max);
                }
            }
        }
    }

    private static double number(DataType type, MemorySegment data, long at) {
        return switch (type) {
            case FP16 -> Float.float16ToFloat(data.get(TWO, at));
            case BF16 -> Float.intBitsToFloat(data.get(TWO, at) << 16);
            case FP32 -> data.get(FOUR, at);
            case FP64 -> data.get(EIGHT, at);
            case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES ->
                throw new IllegalArgumentException(type + " is not a floating-point type");
        };
    }

    boolean none() {
        return !bitsDiffer;
    }

    /** The largest over all outputs; infinite when something differs that is not a number. */
    double relative() {
        double most = 0;
        for (Map.Entry<Integer, Double> difference : apart.entrySet()) {
            double scale = largest.getOrDefault(difference.getKey(), 0.0);
            if (difference.getValue() > 0) {
                most = Math.max(most, scale == 0 ? Double.POSITIVE_INFINITY : difference.getValue() / scale);
            }
        }
        return most;
    }
}
