package dev.slipway.verify.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A figure that a scenario tells.
 *
 * @param measure what it is of
 * @param unit empty: a ratio
 * @param goal null: it is told beside the others and has to reach nothing
 */
record Figure(
        String measure,
        String unit,
        Series rounds,
        @Nullable Goal goal) {

    String row() {
        return "| " + measure + " | " + Numbers.text(rounds) + (unit.isEmpty() ? "" : " " + unit) + " | "
                + (goal == null ? "" : goal) + " | " + (goal == null ? "" : goal.reached(rounds)) + " |";
    }

    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("measure", measure);
        document.put("unit", unit);
        document.put("median", rounds.median());
        document.put("low", rounds.low());
        document.put("high", rounds.high());
        document.put("rounds", rounds.values());
        if (goal != null) {
            document.put("goal", goal.toString());
            document.put("reached", goal.reached(rounds));
        }
        return document;
    }
}
