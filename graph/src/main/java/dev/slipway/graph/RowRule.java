package dev.slipway.graph;

import java.util.List;
import java.util.function.Function;

/** What an operator does to rows: of each of its outputs what is known, the last standing for all after it. */
interface RowRule {

    List<RowValue> of(RowStep step);

    static RowRule one(Function<RowStep, RowValue> rule) {
        return step -> List.of(rule.apply(step));
    }
}
