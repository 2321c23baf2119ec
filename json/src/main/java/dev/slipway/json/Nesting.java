package dev.slipway.json;

import dev.slipway.core.Shape;
import java.util.Arrays;

/** The shape that the brackets of an array tell while it is read, and whether they tell one at all. */
final class Nesting {

    private long[] dims = new long[8];
    private long[] counts = new long[8];
    private int depth;
    private int deepest;
    private int leafDepth;
    private long elements;
    private boolean regular;

    void reset() {
        Arrays.fill(dims, 0, deepest, -1);
        depth = 0;
        deepest = 0;
        leafDepth = -1;
        elements = 0;
        regular = true;
    }

    int depth() {
        return depth;
    }

    void open() {
        if (depth == dims.length) {
            dims = Arrays.copyOf(dims, 2 * depth);
            counts = Arrays.copyOf(counts, 2 * depth);
        }
        if (depth > 0) {
            counts[depth - 1]++;
        }
        if (depth == leafDepth) {
            regular = false;
        }
        if (depth == deepest) {
            dims[depth] = -1;
            deepest++;
        }
        counts[depth++] = 0;
    }

    void close() {
        long count = counts[--depth];
        if (dims[depth] < 0) {
            dims[depth] = count;
        } else if (dims[depth] != count) {
            regular = false;
        }
    }

    /** Takes note of elements that follow each other in the array that is open. */
    void elements(long more) {
        if (depth > 0) {
            counts[depth - 1] += more;
        }
        if (depth != leafDepth) {
            if (leafDepth >= 0 || deepest > depth) {
                regular = false;
            }
            leafDepth = depth;
        }
        elements += more;
    }

    long elements() {
        return elements;
    }

    /** Whether all arrays beside each other have as many elements. */
    boolean regular() {
        return regular;
    }

    Shape shape() {
        return Shape.of(Arrays.copyOf(dims, deepest));
    }

    /** Whether the values lie flat or as {@code shape} says, where dimensions of one may be missing or added. */
    boolean fits(Shape shape) {
        if (!regular) {
            return false;
        }
        if (deepest <= 1) {
            return true;
        }
        int axis = 0;
        for (int i = 0; i < deepest; i++) {
            if (dims[i] == 1) {
                continue;
            }
            while (axis < shape.rank() && shape.dim(axis) == 1) {
                axis++;
            }
            if (axis == shape.rank() || shape.dim(axis) != dims[i]) {
                return elements == 0 && shape.elements() == 0;
            }
            axis++;
        }
        return true;
    }
}
