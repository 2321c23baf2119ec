package dev.slipway.deployment;

import dev.slipway.core.DataType;
import dev.slipway.core.Dimension;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Rows of numbers as tensors, and scores as the places of the largest. */
final class NumberRows {

    private NumberRows() {}

    /** The rows as a tensor of the input's type, each row's numbers being its elements in order. */
    static NamedTensor tensor(String what, TensorSpec spec, List<List<String>> rows, TensorPool pool) {
        int columns = rows.getFirst().size();
        Shape shape = shape(what, spec, rows.size(), columns);
        if (spec.dataType() == DataType.BYTES || spec.dataType() == DataType.BOOL) {
            throw Trial.refused(what + ": input " + spec + " takes no numbers");
        }
        TensorLease lease = pool.allocate(spec.dataType(), shape);
        try {
            for (int row = 0; row < rows.size(); row++) {
                for (int column = 0; column < columns; column++) {
                    write(
                            lease.tensor(),
                            (long) row * columns + column,
                            rows.get(row).get(column));
                }
            }
            return new NamedTensor(spec.name(), lease);
        } catch (NumberFormatException e) {
            lease.close();
            throw Trial.refused(what + ": " + e.getMessage() + " where input " + spec + " needs numbers");
        }
    }

    private static Shape shape(String what, TensorSpec spec, int rows, int columns) {
        if (!spec.shape().ranked()) {
            return Shape.of(rows, columns);
        }
        List<Dimension> dims = spec.shape().dims();
        if (dims.isEmpty()) {
            throw Trial.refused(what + ": input " + spec + " takes no rows");
        }
        long[] sizes = new long[dims.size()];
        sizes[0] = rows;
        long fixed = 1;
        int open = -1;
        for (int i = 1; i < sizes.length; i++) {
            if (dims.get(i) instanceof Dimension.Fixed(long size)) {
                sizes[i] = size;
                fixed *= size;
            } else {
                sizes[i] = 1;
                open = open < 0 ? i : open;
            }
        }
        if (open >= 0 && fixed > 0) {
            sizes[open] = columns / fixed;
        }
        Shape shape = Shape.of(sizes);
        if (shape.elements() != (long) rows * columns) {
            throw Trial.refused(what + ": rows of " + columns + " numbers given, input " + spec + " takes others");
        }
        return shape;
    }

    private static void write(Tensor tensor, long i, String text) {
        MemorySegment data = tensor.data();
        switch (tensor.dataType()) {
            case FP32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, Float.parseFloat(text));
            case FP64 -> data.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i, Double.parseDouble(text));
            case FP16 ->
                data.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i, Float.floatToFloat16(Float.parseFloat(text)));
            case BF16 ->
                data.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i, (short)
                        (Float.floatToRawIntBits(Float.parseFloat(text)) >>> 16));
            case INT64, UINT64 -> data.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i, whole(text));
            case INT32, UINT32 -> data.setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i, (int) whole(text));
            case INT16, UINT16 -> data.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i, (short) whole(text));
            case INT8, UINT8 -> data.set(ValueLayout.JAVA_BYTE, i, (byte) whole(text));
            case BOOL, BYTES -> throw new NumberFormatException(text);
        }
    }

    private static long whole(String text) {
        double number = Double.parseDouble(text);
        if (number != Math.rint(number)) {
            throw new NumberFormatException("'" + text + "' is no whole number");
        }
        return (long) number;
    }

    /** For each row of scores the place of the largest. */
    static List<Integer> largest(Tensor scores) {
        int rows = Math.toIntExact(scores.shape().dim(0));
        int classes = Math.toIntExact(rows == 0 ? 0 : scores.shape().elements() / rows);
        List<Integer> places = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            int best = 0;
            for (int i = 1; i < classes; i++) {
                long at = (long) row * classes;
                if (read(scores, at + i) > read(scores, at + best)) {
                    best = i;
                }
            }
            places.add(best);
        }
        return places;
    }

    private static double read(Tensor tensor, long i) {
        MemorySegment data = tensor.data();
        return switch (tensor.dataType()) {
            case FP32 -> data.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
            case FP64 -> data.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i);
            case FP16 -> Float.float16ToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i));
            case BF16 -> Float.intBitsToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i) << 16);
            case INT64, UINT64 -> data.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i);
            case INT32, UINT32 -> data.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i);
            case INT16, UINT16 -> data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i);
            case INT8, UINT8, BOOL -> data.get(ValueLayout.JAVA_BYTE, i);
            case BYTES -> throw new IllegalArgumentException("scores are numbers, " + tensor + " given");
        };
    }
}
