package dev.slipway.graph;

import dev.slipway.graph.RowValue.Along;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Where rows are after operators that move elements and compute none. */
final class RowLayout {

    private RowLayout() {}

    static RowValue transpose(RowStep step) {
        RowValue x = step.in(0);
        int rank = x.sizes().size();
        List<Integer> perm = step.node()
                .attribute("perm")
                .map(attribute ->
                        attribute.integers().stream().map(Long::intValue).toList())
                .orElseGet(() ->
                        IntStream.range(0, rank).mapToObj(i -> rank - 1 - i).toList());
        if (!IntStream.range(0, rank)
                .boxed()
                .toList()
                .equals(perm.stream().sorted().toList())) {
            return RowValue.lost("names axes that its input does not have");
        }
        List<Extent> dims = perm.stream().map(x.sizes()::get).toList();
        return moved(x, x.along().map(rows -> perm.indexOf(rows.axis())).orElse(0), dims);
    }

    /** The same rows along another axis. */
    static RowValue moved(RowValue x, int axis, List<Extent> dims) {
        return x.along()
                .map(rows -> RowValue.along(rows.at(axis), dims))
                .orElseGet(() -> x.counted() ? RowValue.COUNTED : RowValue.same(dims));
    }

    static RowValue flatten(RowStep step) {
        List<Extent> sizes = step.in(0).sizes();
        int axis = (int) step.node().integer("axis", 1);
        int at = axis < 0 ? axis + sizes.size() : axis;
        if (at < 0 || at > sizes.size()) {
            return RowValue.lost("names an axis that its input does not have");
        }
        Optional<Extent> front = Extent.product(sizes.subList(0, at));
        Extent back = Extent.product(sizes.subList(at, sizes.size())).orElseGet(step::unknown);
        return front.isEmpty()
                ? RowValue.lost("gives a shape that cannot be followed")
                : reshaped(step, step.in(0), List.of(front.get(), back));
    }

    static RowValue reshape(RowStep step) {
        List<Extent> shape = step.node().attribute("shape").isPresent()
                ? step.node().attribute("shape").get().integers().stream()
                        .map(Extent::of)
                        .toList()
                : step.in(1).numbers();
        return shape == null
                ? RowValue.lost("gives a shape that is not known beforehand")
                : reshaped(step, step.in(0), shape);
    }

    /** Elements in their order, in other dimensions: 0 keeps one, -1 is what is left. */
    private static RowValue reshaped(RowStep step, RowValue x, List<Extent> shape) {
        List<@Nullable Extent> dims = dims(step, x.sizes(), shape);
        if (dims.isEmpty() && !shape.isEmpty()) {
            return RowValue.lost("keeps a dimension that its input does not have");
        }
        List<Extent> sizes = new ArrayList<>();
        dims.forEach(dim -> sizes.add(dim == null ? step.unknown() : step.told(dim)));
        return x.along()
                .map(rows -> placed(step, rows, x.sizes(), dims)
                        .map(place -> RowValue.along(place, sizes))
                        .orElseGet(() -> RowValue.lost("gives a shape in which rows have no axis of their own")))
                .orElseGet(() -> sizes.stream().anyMatch(Extent::countsRows)
                        ? RowValue.lost("shares out values among the rows")
                        : RowValue.same(sizes));
    }

    /** The dimensions that a shape asks for, null for one that cannot be told; none when it asks for the impossible. */
    private static List<@Nullable Extent> dims(RowStep step, List<Extent> sizes, List<Extent> shape) {
        boolean copies = step.node().integer("allowzero", 0) == 0;
        List<@Nullable Extent> dims = new ArrayList<>();
        List<Extent> others = new ArrayList<>();
        for (int i = 0; i < shape.size(); i++) {
            boolean copied = copies && shape.get(i).is(0);
            if (copied && i >= sizes.size()) {
                return List.of();
            }
            Extent dim = copied ? sizes.get(i) : shape.get(i);
            dims.add(dim.is(-1) ? null : dim);
            if (!dim.is(-1)) {
                others.add(dim);
            }
        }
        if (others.size() < dims.size()) {
            Extent left = Extent.product(sizes)
                    .flatMap(all -> Extent.product(others).flatMap(all::over))
                    .orElse(null);
            dims.replaceAll(dim -> dim == null ? left : dim);
        }
        return dims;
    }

    /**
     * The axis that rows lie along when the elements of a value with these sizes are read in other dimensions. Where
     * all rows are of one size, a first dimension that cannot be told is the rows': one alone fills it a whole number of
     * times, so that none shares a place.
     */
    private static Optional<Along> placed(RowStep step, Along rows, List<Extent> sizes, List<@Nullable Extent> dims) {
        Optional<Extent> outside = Extent.product(sizes.subList(0, rows.axis())).flatMap(rows.outer()::times);
        Extent before = Extent.ONE;
        for (int i = 0; i < dims.size() && outside.isPresent(); i++) {
            Extent dim = dims.get(i);
            if (dim == null) {
                boolean first = i == 0 && rows.axis() == 0 && outside.get().is(1) && !step.open();
                boolean alone = dims.stream().noneMatch(other -> other != null && other.countsRows());
                return first && alone ? Optional.of(new Along(0, Extent.ONE, step.unknown())) : Optional.empty();
            }
            if (dim.countsRows()) {
                Optional<Extent> outer = outside.get().over(before);
                Optional<Extent> inner = dim.over(Extent.ROWS).filter(size -> !size.countsRows() && size.size());
                int axis = i;
                return outer.flatMap(
                        around -> inner.flatMap(size -> size.over(around)).map(in -> new Along(axis, around, in)));
            }
            before = before.times(dim).filter(Extent::size).orElse(Extent.of(0));
        }
        return Optional.empty();
    }

    static RowValue squeeze(RowStep step) {
        RowValue x = step.in(0);
        List<Long> given = step.given("axes", 1, List.of());
        List<Integer> axes = RowStep.axes(given, x.sizes().size());
        if (axes == null) {
            return RowValue.lost("removes axes that are computed");
        }
        if (given != null && given.isEmpty()) {
            return RowValue.lost("removes every axis of size 1, that of a single row as well");
        }
        return x.along().filter(rows -> axes.contains(rows.axis())).isPresent()
                ? RowValue.lost("removes the axis along which the rows lie")
                : without(x, axes);
    }

    /** A value that lost axes along which no rows lie. */
    static RowValue without(RowValue x, List<Integer> axes) {
        List<Extent> dims = new ArrayList<>();
        int axis = 0;
        for (int i = 0; i < x.sizes().size(); i++) {
            if (x.along().isPresent() && x.along().get().axis() == i) {
                axis = dims.size();
            }
            if (!axes.contains(i)) {
                dims.add(x.sizes().get(i));
            }
        }
        return moved(x, axis, dims);
    }

    static RowValue unsqueeze(RowStep step) {
        RowValue x = step.in(0);
        List<Long> given = step.given("axes", 1, null);
        List<Integer> axes = RowStep.axes(given, x.sizes().size() + (given == null ? 0 : given.size()));
        return axes == null ? RowValue.lost("adds axes that are computed") : with(x, axes);
    }

    /** A value with more axes of size 1; {@code axes} are those of the result. */
    static RowValue with(RowValue x, List<Integer> axes) {
        List<Extent> dims = new ArrayList<>();
        int axis = 0;
        int from = 0;
        for (int i = 0; i < x.sizes().size() + axes.size(); i++) {
            if (axes.contains(i)) {
                dims.add(Extent.ONE);
            } else {
                if (x.along().isPresent() && x.along().get().axis() == from) {
                    axis = i;
                }
                dims.add(x.sizes().get(from++));
            }
        }
        return moved(x, axis, dims);
    }

    static RowValue constantOfShape(RowStep step) {
        List<Extent> dims = step.in(0).numbers();
        return dims == null
                ? RowValue.lost("gives a shape that is not known beforehand")
                : RowValue.ofSizes(dims.stream().map(step::told).toList());
    }

    static RowValue range(RowStep step) {
        List<Extent> limit = step.in(1).numbers();
        if (step.inputs().anyMatch(RowValue::counted)) {
            return RowValue.COUNTED;
        }
        boolean counts = List.of(0L).equals(step.plain(0)) && List.of(1L).equals(step.plain(2));
        return limit != null
                        && limit.size() == 1
                        && limit.getFirst().size()
                        && limit.getFirst().narrow()
                        && counts
                ? RowValue.same(limit)
                : RowValue.same(step.unknown(1));
    }

    static RowValue expand(RowStep step) {
        List<Extent> shape = step.in(1).numbers();
        if (shape == null) {
            return RowValue.lost("gives a shape that is not known beforehand");
        }
        RowValue sizes = RowValue.ofSizes(shape.stream().map(step::told).toList());
        return sizes.lost() ? sizes : RowBroadcast.of(step, List.of(step.in(0), sizes));
    }

    static RowValue tile(RowStep step) {
        RowValue x = step.in(0);
        List<Extent> repeats = step.in(1).numbers();
        if (repeats == null || repeats.size() != x.sizes().size()) {
            return RowValue.lost("repeats its input a number of times that is not known beforehand");
        }
        List<Extent> dims = new ArrayList<>();
        for (int i = 0; i < repeats.size(); i++) {
            dims.add(x.sizes().get(i).times(repeats.get(i)).map(step::told).orElseGet(step::unknown));
        }
        return x.along()
                .map(rows -> repeats.get(rows.axis()).is(1) && repeats.stream().noneMatch(Extent::countsRows)
                        ? RowValue.along(rows, dims)
                        : RowValue.lost("repeats the rows"))
                .orElseGet(() -> {
                    boolean spread = IntStream.range(0, dims.size())
                            .allMatch(i -> !repeats.get(i).countsRows()
                                    || x.sizes().get(i).is(1));
                    return spread ? RowValue.ofSizes(dims) : RowValue.lost("shares out values among the rows");
                });
    }

    static RowValue concat(RowStep step) {
        List<RowValue> parts = step.inputs().toList();
        RowValue first = parts.getFirst();
        int axis = RowStep.axis(step.node().integer("axis", 1), first.sizes().size());
        if (axis < 0
                || parts.stream()
                        .anyMatch(part -> part.sizes().size() != first.sizes().size())) {
            return RowValue.lost("joins values of different ranks");
        }
        List<Extent> dims = new ArrayList<>(first.sizes());
        long sum = 0;
        for (RowValue part : parts) {
            Extent size = part.sizes().get(axis);
            sum = size.plain() && sum >= 0 ? sum + size.number() : -1;
        }
        dims.set(axis, sum >= 0 ? Extent.of(sum) : step.unknown());
        Along rows = parts.stream()
                .flatMap(part -> part.along().stream())
                .findFirst()
                .orElse(null);
        if (rows == null) {
            return RowValue.same(dims);
        }
        if (rows.axis() == axis) {
            return RowValue.lost("joins values along axis " + axis + ", along which the rows lie");
        }
        return parts.stream().allMatch(part -> part.along().filter(rows::equals).isPresent())
                ? RowValue.along(rows, dims)
                : RowValue.lost("joins rows to values that lie differently");
    }
}
