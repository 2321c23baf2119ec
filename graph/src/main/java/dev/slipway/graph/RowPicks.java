package dev.slipway.graph;

import dev.slipway.graph.RowValue.Along;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Where rows are after operators that take some elements of a value and leave others. */
final class RowPicks {

    private RowPicks() {}

    /** A value cut, padded or resized along axes, whose sizes are then unknown; null axes are any. */
    static RowValue resized(RowStep step, RowValue x, @Nullable List<Integer> axes, String verb) {
        List<Extent> dims = new ArrayList<>(x.sizes());
        for (int axis = 0; axis < dims.size(); axis++) {
            if (axes == null || axes.contains(axis)) {
                dims.set(axis, step.unknown());
            }
        }
        return x.along()
                .map(rows -> axes == null || axes.contains(rows.axis())
                        ? RowValue.lost(verb + (axes == null ? " along axes that are computed" : along(rows)))
                        : RowValue.along(rows, dims))
                .orElseGet(() -> RowValue.same(dims));
    }

    static String along(Along rows) {
        return " along axis " + rows.axis() + ", along which the rows lie";
    }

    static RowValue slice(RowStep step) {
        RowValue x = step.in(0);
        int rank = x.sizes().size();
        boolean attributes = step.node().attribute("starts").isPresent();
        List<Extent> starts =
                attributes ? attribute(step, "starts") : step.in(1).numbers();
        List<Extent> ends = attributes ? attribute(step, "ends") : step.in(2).numbers();
        int all = starts != null ? starts.size() : ends != null ? ends.size() : rank;
        List<Integer> axes = RowStep.axes(
                step.given("axes", 3, LongStream.range(0, all).boxed().toList()), rank);
        if (axes == null) {
            return RowValue.lost("cuts along axes that are computed");
        }
        int bounds = axes.size();
        List<Long> steps = step.has(4) ? step.plain(4) : Collections.nCopies(bounds, 1L);
        if (Arrays.asList(starts, ends, steps).stream().anyMatch(given -> given != null && given.size() != bounds)) {
            return RowValue.lost("cuts along other axes than it names places for");
        }
        List<Extent> dims = new ArrayList<>(x.sizes());
        for (int i = 0; i < bounds; i++) {
            int axis = axes.get(i);
            Extent size = dims.get(axis);
            Extent start = starts == null ? step.unknownNumber() : starts.get(i);
            Extent end = ends == null ? step.unknownNumber() : ends.get(i);
            boolean front = start.is(0) && steps != null && steps.get(i) == 1;
            boolean endless = end.plain() && end.number() >= Integer.MAX_VALUE;
            if (front && (endless || end.equals(size))) {
                continue;
            }
            if (x.along().isPresent() && x.along().get().axis() == axis) {
                return RowValue.lost("cuts" + along(x.along().get()));
            }
            if (start.countsRows() || end.countsRows()) {
                return RowValue.lost("cuts at a place that depends on the number of rows");
            }
            boolean fits = end.plain() && end.number() >= 0 && size.plain() && end.number() <= size.number();
            dims.set(axis, front && fits ? end : step.unknown());
        }
        return RowLayout.moved(x, x.along().map(Along::axis).orElse(0), dims);
    }

    private static List<Extent> attribute(RowStep step, String name) {
        return step.node()
                .attribute(name)
                .map(attribute -> attribute.integers().stream().map(Extent::of).toList())
                .orElse(List.of());
    }

    static List<RowValue> split(RowStep step) {
        RowValue x = step.in(0);
        int axis = RowStep.axis(step.node().integer("axis", 0), x.sizes().size());
        if (axis < 0) {
            return List.of(RowValue.lost("names an axis that its input does not have"));
        }
        RowValue part = resized(step, x, List.of(axis), "splits");
        List<Long> sizes = step.given("split", 1, null);
        return IntStream.range(0, step.node().outputs().size())
                .mapToObj(i -> part.lost()
                        ? part
                        : sized(part, axis, part(step, x.sizes().get(axis), sizes, i)))
                .toList();
    }

    private static Extent part(RowStep step, Extent whole, @Nullable List<Long> sizes, int i) {
        if (sizes != null && i < sizes.size()) {
            return Extent.of(sizes.get(i));
        }
        return whole.over(Extent.of(step.node().outputs().size()))
                .filter(_ -> sizes == null && !step.has(1))
                .orElseGet(step::unknown);
    }

    private static RowValue sized(RowValue x, int axis, Extent size) {
        List<Extent> dims = new ArrayList<>(x.sizes());
        dims.set(axis, size);
        return RowLayout.moved(x, x.along().map(Along::axis).orElse(0), dims);
    }

    static RowValue pad(RowStep step) {
        RowValue x = step.in(0);
        int rank = x.sizes().size();
        String attribute = step.node().attribute("paddings").isPresent() ? "paddings" : "pads";
        List<Long> pads = step.given(attribute, 1, null);
        List<Integer> axes = RowStep.axes(
                step.given("axes", 3, LongStream.range(0, rank).boxed().toList()), rank);
        if (pads == null || axes == null || pads.size() != 2 * axes.size()) {
            return resized(step, x, null, "pads");
        }
        return resized(
                step,
                x,
                IntStream.range(0, axes.size())
                        .filter(i -> pads.get(i) != 0 || pads.get(i + axes.size()) != 0)
                        .mapToObj(axes::get)
                        .toList(),
                "pads");
    }

    static RowValue compress(RowStep step) {
        int axis =
                RowStep.axis(step.node().integer("axis", 0), step.in(0).sizes().size());
        boolean listed = step.node().attribute("axis").isEmpty();
        if (listed || step.in(1).along().isPresent()) {
            return step.in(0).along().or(() -> step.in(1).along()).isPresent()
                    ? RowValue.lost("drops values of all rows")
                    : RowValue.UNKNOWN;
        }
        return resized(step, step.in(0), axis < 0 ? null : List.of(axis), "drops values");
    }

    static RowValue gather(RowStep step) {
        RowValue data = step.in(0);
        RowValue places = step.in(1);
        int axis = RowStep.axis(step.node().integer("axis", 0), data.sizes().size());
        if (axis < 0) {
            return RowValue.lost("names an axis that its input does not have");
        }
        List<Extent> dims = new ArrayList<>(data.sizes().subList(0, axis));
        dims.addAll(places.sizes());
        dims.addAll(data.sizes().subList(axis + 1, data.sizes().size()));
        if (data.along().isEmpty()) {
            return RowLayout.moved(
                    places, axis + places.along().map(Along::axis).orElse(0), dims);
        }
        Along rows = data.along().get();
        if (rows.axis() == axis) {
            return RowValue.lost("takes single places" + along(rows));
        }
        return places.along().isPresent()
                ? RowValue.lost("looks up rows by rows")
                : RowLayout.moved(
                        data,
                        rows.axis() < axis
                                ? rows.axis()
                                : rows.axis() + places.sizes().size() - 1,
                        dims);
    }

    /** Every place is looked up along one axis, and beside itself along the others. */
    static RowValue gatherElements(RowStep step) {
        RowValue data = step.in(0);
        RowValue places = step.in(1);
        int axis = RowStep.axis(step.node().integer("axis", 0), data.sizes().size());
        boolean beside = data.rows().equals(places.rows())
                && data.along().filter(rows -> rows.axis() == axis).isEmpty();
        boolean table = data.same()
                && places.along().filter(rows -> rows.axis() == axis).isPresent();
        return beside || table
                ? RowLayout.moved(places, places.along().map(Along::axis).orElse(0), places.sizes())
                : RowValue.lost("looks up places counted over all rows");
    }

    /** Every place is written along one axis, and beside itself along the others. */
    static RowValue scatterElements(RowStep step) {
        RowValue data = step.in(0);
        int axis = RowStep.axis(step.node().integer("axis", 0), data.sizes().size());
        boolean beside = step.inputs().allMatch(input -> input.rows().equals(data.rows()))
                && data.along().filter(rows -> rows.axis() == axis).isEmpty();
        return beside
                ? RowLayout.moved(data, data.along().map(Along::axis).orElse(0), data.sizes())
                : RowValue.lost("writes to places counted over all rows");
    }

    static RowValue gatherNd(RowStep step) {
        RowValue data = step.in(0);
        RowValue places = step.in(1);
        long paired = step.node().integer("batch_dims", 0);
        int last = places.sizes().size() - 1;
        Extent length = last < 0 ? Extent.of(-1) : places.sizes().get(last);
        int rank = data.sizes().size();
        boolean table = data.same() && paired == 0;
        boolean beside = data.rows().equals(places.rows())
                && data.along().filter(rows -> rows.axis() < paired).isPresent();
        boolean inPlaces = places.along().filter(rows -> rows.axis() < last).isPresent() || places.same();
        if (!(table || beside)
                || !inPlaces
                || !length.plain()
                || length.number() < 0
                || length.number() + paired > rank) {
            return RowValue.lost("looks up places counted over all rows");
        }
        List<Extent> dims = new ArrayList<>(places.sizes().subList(0, last));
        dims.addAll(data.sizes().subList((int) (paired + length.number()), rank));
        return RowLayout.moved(places, places.along().map(Along::axis).orElse(0), dims);
    }

    static RowValue oneHot(RowStep step) {
        RowValue x = step.in(0);
        int axis = RowStep.axis(step.node().integer("axis", -1), x.sizes().size() + 1);
        if (axis < 0 || step.in(2).along().isPresent()) {
            return RowValue.lost("makes its values of rows");
        }
        return sized(RowLayout.with(x, List.of(axis)), axis, step.unknown());
    }

    static RowValue reverseSequence(RowStep step) {
        int batch = (int) step.node().integer("batch_axis", 1);
        boolean rowWise =
                step.in(0).along().filter(rows -> rows.axis() == batch).isPresent()
                        && step.in(1).along().filter(rows -> rows.axis() == 0).isPresent();
        return rowWise
                ? RowLayout.moved(step.in(0), batch, step.in(0).sizes())
                : RowValue.lost("takes the rows for steps of time");
    }
}
