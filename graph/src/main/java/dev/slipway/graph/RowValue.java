package dev.slipway.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a value of a graph while a batch runs.
 *
 * @param dims its sizes; null when not even their number is known. A value with rows always has them
 * @param numbers its elements, when they are few and whole; null otherwise
 * @param floats the elements of a constant of a few elements of FP32; empty otherwise
 */
record RowValue(
        Place rows, @Nullable List<Extent> dims, @Nullable List<Extent> numbers, List<Float> floats) {

    /** The most numbers and the most dimensions that are followed. */
    static final int MOST = 64;

    /** Where in a value the rows of the batch are. */
    sealed interface Place {}

    /**
     * One after another along an axis, each as if it ran alone: along the axis lie {@code outer} times all rows, each of
     * them {@code inner} places long.
     */
    record Along(int axis, Extent outer, Extent inner) implements Place {

        static Along of(int axis) {
            return new Along(axis, Extent.ONE, Extent.ONE);
        }

        Along at(int other) {
            return new Along(other, outer, inner);
        }

        Extent size() {
            return outer.times(Extent.ROWS).flatMap(inner::times).orElse(Extent.ROWS);
        }
    }

    /** Nowhere: the value is the same for every batch of rows of one shape, or depends on the number of rows only. */
    enum Apart implements Place {
        SAME,
        COUNTED
    }

    /**
     * They may have influenced each other, or nobody knows where they are.
     *
     * @param why empty when it was said of another value before
     */
    record Lost(String why) implements Place {}

    static final RowValue UNKNOWN = new RowValue(Apart.SAME, null, null);
    static final RowValue COUNTED = new RowValue(Apart.COUNTED, null, null);

    RowValue {
        dims = dims == null || dims.size() > MOST ? null : List.copyOf(dims);
        numbers = numbers == null || numbers.size() > MOST ? null : List.copyOf(numbers);
        floats = List.copyOf(floats);
    }

    private RowValue(Place rows, @Nullable List<Extent> dims, @Nullable List<Extent> numbers) {
        this(rows, dims, numbers, List.of());
    }

    static RowValue lost(String why) {
        return new RowValue(new Lost(why), null, null);
    }

    static RowValue floats(List<Extent> dims, List<Float> floats) {
        return new RowValue(Apart.SAME, dims, null, floats);
    }

    static RowValue same(List<Extent> dims) {
        return new RowValue(Apart.SAME, dims, null);
    }

    /** Rows along an axis of a value with these sizes; the size of the axis itself follows from how the rows lie. */
    static RowValue along(Along rows, List<Extent> dims) {
        if (dims.size() > MOST) {
            return lost("gives more than " + MOST + " dimensions");
        }
        List<Extent> sizes = new ArrayList<>(dims);
        sizes.set(rows.axis(), Extent.ONE);
        if (sizes.stream().anyMatch(Extent::countsRows)) {
            return lost("makes another dimension of the number of rows");
        }
        sizes.set(rows.axis(), rows.size());
        return new RowValue(rows, sizes, null);
    }

    static RowValue numbers(List<Extent> dims, List<Extent> numbers) {
        boolean counted = numbers.stream().anyMatch(Extent::countsRows);
        return new RowValue(counted ? Apart.COUNTED : Apart.SAME, dims, numbers);
    }

    /** A value of stated sizes, of which one at most counts rows: they lie along it. */
    static RowValue ofSizes(List<Extent> dims) {
        List<Extent> counting = dims.stream().filter(Extent::countsRows).toList();
        if (counting.isEmpty()) {
            return same(dims);
        }
        Optional<Extent> inner =
                counting.getFirst().over(Extent.ROWS).filter(size -> !size.countsRows() && size.size());
        return counting.size() > 1 || inner.isEmpty()
                ? lost("sets the rows against each other")
                : along(new Along(dims.indexOf(counting.getFirst()), Extent.ONE, inner.get()), dims);
    }

    boolean same() {
        return rows == Apart.SAME;
    }

    boolean counted() {
        return rows == Apart.COUNTED;
    }

    boolean lost() {
        return rows instanceof Lost;
    }

    /** How the rows lie, when they lie along an axis. */
    Optional<Along> along() {
        return rows instanceof Along along ? Optional.of(along) : Optional.empty();
    }

    /** Sizes of a value that has them. */
    List<Extent> sizes() {
        if (dims == null) {
            throw new IllegalStateException("a value of unknown rank has no sizes");
        }
        return dims;
    }
}
