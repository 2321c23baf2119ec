package dev.slipway.deployment;

import dev.slipway.core.Count;
import dev.slipway.core.DataType;
import dev.slipway.core.Dimension;
import dev.slipway.core.Elements;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.TensorSpec;
import dev.slipway.tasks.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Rows of numbers as tensors, and scores as the places of the largest. */
final class NumberRows {

    private NumberRows() {}

    /** The rows as a tensor of the input's type, each row's numbers being its elements in order. */
    static NamedTensor tensor(String what, TensorSpec spec, CsvTable table, TensorPool pool) {
        List<String> header = table.header();
        if (spec.dataType() == DataType.BYTES) {
            throw Trial.refused(what + ": input " + spec + " takes no numbers");
        }
        Shape shape = shape(what, spec, table.rows().size(), header.size());
        TensorLease lease = pool.allocate(spec.dataType(), shape);
        try {
            long element = 0;
            for (int row = 0; row < table.rows().size(); row++) {
                for (int i = 0; i < header.size(); i++) {
                    List<Object> path = List.of(what, "row " + (row + 1), header.get(i));
                    String text = table.rows().get(row).get(i);
                    new Column(header.get(i), spec.dataType()).write(text, path, lease.tensor(), element++);
                }
            }
            return new NamedTensor(spec.name(), lease);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
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
            throw Trial.refused(
                    what + ": rows of " + Count.of(columns, "number") + " given, input " + spec + " takes others");
        }
        return shape;
    }

    /** For each row of scores the place of the largest; empty where none is a number. */
    static List<OptionalInt> largest(String what, NamedTensor output) {
        Tensor scores = output.tensor();
        if (scores.dataType() == DataType.BYTES || scores.shape().rank() == 0) {
            throw Trial.refused(what + ": rows of scores are needed, output '" + output.name() + "' is " + scores);
        }
        int rows = Math.toIntExact(scores.shape().dim(0));
        int classes = Math.toIntExact(rows == 0 ? 0 : scores.shape().elements() / rows);
        List<OptionalInt> places = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            long first = (long) row * classes;
            places.add(IntStream.range(0, classes)
                    .filter(i -> !Double.isNaN(Elements.get(scores, first + i)))
                    .reduce((best, i) ->
                            Elements.get(scores, first + i) > Elements.get(scores, first + best) ? i : best));
        }
        return places;
    }
}
