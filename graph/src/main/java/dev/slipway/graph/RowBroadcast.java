package dev.slipway.graph;

import dev.slipway.graph.RowValue.Along;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What elementwise operators make of values whose shapes are brought together, their last axes beside each other. */
final class RowBroadcast {

    private RowBroadcast() {}

    static RowValue of(RowStep step) {
        List<RowValue> values = step.inputs().toList();
        boolean placed = step.opset() < 7 && step.node().attribute("axis").isPresent() && values.size() == 2;
        return placed ? placed(step, values.get(0), values.get(1)) : of(step, values);
    }

    /** Until opset 6 an attribute says at which axis of the first value the second begins. */
    private static RowValue placed(RowStep step, RowValue first, RowValue second) {
        int rank = first.sizes().size();
        int begin = RowStep.axis(step.node().integer("axis", -1), rank);
        List<Extent> dims = new ArrayList<>(second.sizes());
        while (begin >= 0 && begin + dims.size() < rank) {
            dims.add(Extent.ONE);
        }
        return of(
                step,
                List.of(
                        first,
                        RowLayout.moved(second, second.along().map(Along::axis).orElse(0), dims)));
    }

    static RowValue of(RowStep step, List<RowValue> values) {
        int rank = values.stream().mapToInt(value -> value.sizes().size()).max().orElse(0);
        Along rows = null;
        for (RowValue value : values) {
            Along own = value.along().orElse(null);
            if (own != null) {
                Along at = own.at(own.axis() + rank - value.sizes().size());
                if (rows != null && (rows.axis() != at.axis() || !rows.outer().equals(at.outer()))) {
                    return RowValue.lost("sets the rows against each other");
                }
                rows = rows == null ? at : rows;
            }
        }
        List<Extent> dims = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            Extent size = Extent.ONE;
            for (RowValue value : values) {
                int own = axis - rank + value.sizes().size();
                Extent other = own < 0 ? Extent.ONE : value.sizes().get(own);
                if (value.along().isEmpty() && rows != null && rows.axis() == axis && !other.is(1)) {
                    return RowValue.lost("spreads a value of " + said(other) + " places along axis " + axis
                            + ", along which the rows lie");
                }
                size = common(step, size, other);
            }
            dims.add(size);
        }
        return rows == null ? RowValue.same(dims) : RowValue.along(rows, dims);
    }

    private static String said(Extent size) {
        return size.plain() ? String.valueOf(size.number()) : "an unknown number of";
    }

    private static Extent common(RowStep step, Extent one, Extent other) {
        if (one.equals(other) || other.is(1)) {
            return one;
        }
        @Nullable Extent told = one.is(1) || other.plain() ? other : one.plain() ? one : null;
        return told == null ? step.unknown() : told;
    }
}
