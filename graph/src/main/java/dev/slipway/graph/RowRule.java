package dev.slipway.graph;

import java.util.List;
import java.util.function.Function;

/** What an operator does to rows: what is known of each of its outputs; of those after the last nothing is. */
interface RowRule {

    List<RowValue> of(RowStep step);

    static RowRule one(Function<RowStep, RowValue> rule) {
        return step -> List.of(rule.apply(step));
    }
}
