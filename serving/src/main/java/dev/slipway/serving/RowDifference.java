package dev.slipway.serving;

import dev.slipway.core.DataType;
import dev.slipway.core.Elements;
import dev.slipway.serving.RowRuns.Answer;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far answers to the same rows lie apart: the largest difference of a number, relative to the largest that rows
 * alone have in the same place, so that a column of large numbers hides nothing in one of small numbers. In an output
 * with numbers above 1, smaller ones are measured by 1: a probability of 1e-9 is rounded no more finely than one of 1.
 */
final class RowDifference {

    private final List<Answer> alone;
    private final Map<Integer, double[]> scales = new HashMap<>();
    private boolean bitsDiffer;
    private double relative;

    /**
     * No difference yet.
     *
     * @param alone the answers to rows alone, in their order; all are there before the first comparison
     */
    RowDifference(List<Answer> alone) {
        this.alone = alone;
    }

    /** Takes one more answer into account: what a row, counted as those alone, got among others. */
    void add(int row, Answer together) {
        Answer own = alone.get(row);
        for (int output = 0; output < own.parts().size(); output++) {
            DataType type = own.types().get(output);
            MemorySegment expected = own.parts().get(output);
            MemorySegment given = together.parts().get(output);
            if (expected.mismatch(given) == -1) {
                continue;
            }
            if (type.floating() && expected.byteSize() == given.byteSize()) {
                addNumbers(output, type, expected, given);
            } else {
                bitsDiffer = true;
                relative = Double.POSITIVE_INFINITY;
            }
        }
    }

    private void addNumbers(int output, DataType type, MemorySegment expected, MemorySegment given) {
        double[] scale = scales.computeIfAbsent(output, this::scale);
        for (int i = 0; i < expected.byteSize() / type.bytes(); i++) {
            double own = Elements.get(type, expected, i);
            double among = Elements.get(type, given, i);
            if (Double.compare(own, among) != 0) { // NaN equals NaN whatever its bits, 0 is not -0
                bitsDiffer = true;
                double difference = Math.abs(own - among);
                if (difference != 0) {
                    double part = difference / scale[i];
                    relative = Math.max(relative, Double.isNaN(part) ? Double.POSITIVE_INFINITY : part);
                }
            }
        }
    }

    /** The scale of each place of a row of an output. */
    private double[] scale(int output) {
        double[] scale = new double[0];
        double largest = 0;
        for (Answer answer : alone) {
            DataType type = answer.types().get(output);
            MemorySegment part = answer.parts().get(output);
            int places = Math.toIntExact(part.byteSize() / type.bytes());
            scale = Arrays.copyOf(scale, Math.max(scale.length, places));
            for (int i = 0; i < places; i++) {
                double number = Math.abs(Elements.get(type, part, i));
                if (Double.isFinite(number)) {
                    scale[i] = Math.max(scale[i], number);
                    largest = Math.max(largest, number);
                }
            }
        }
        for (int i = 0; i < scale.length; i++) {
            scale[i] = Math.max(scale[i], Math.min(1, largest));
        }
        return scale;
    }

    boolean none() {
        return !bitsDiffer;
    }

    /** The largest over all outputs; infinite when something differs that is not a number. */
    double relative() {
        return relative;
    }
}
