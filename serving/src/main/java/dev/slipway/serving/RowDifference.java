package dev.slipway.serving;

import dev.slipway.core.DataType;
import dev.slipway.core.Elements;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** How far answers to the same rows lie apart: the largest difference of an output, relative to its largest answer. */
final class RowDifference {

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
        for (long i = 0; i < alone.byteSize() / type.bytes(); i++) {
            double expected = Elements.get(type, alone, i);
            if (Double.isFinite(expected)) {
                largest.merge(output, Math.abs(expected), Math::max);
            }
            if (!same) {
                double given = Elements.get(type, together, i);
                if (Double.compare(expected, given) != 0) { // NaN equals NaN whatever its bits, 0 is not -0
                    bitsDiffer = true;
                    double difference = Math.abs(expected - given);
                    apart.merge(output, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference, Math::max);
                }
            }
        }
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
