package dev.slipway.verify.benchmarks;

/**
 * What a figure is to reach.
 *
 * @param atMost whether it is to stay below the bound, else above
 */
public record Goal(boolean atMost, double bound) {

    /** Rounds from which the interval is narrower than all that was measured. */
    private static final int ENOUGH = 9;

    public static Goal atMost(double bound) {
        return new Goal(true, bound);
    }

    public static Goal atLeast(double bound) {
        return new Goal(false, bound);
    }

    /** {@code yes} by the median, {@code by its interval} where only that holds the bound, else {@code no}; of enough rounds. */
    String reached(Series figure) {
        if (figure.values().size() < ENOUGH) {
            return "too few rounds";
        }
        if (holds(figure.median())) {
            return "yes";
        }
        return holds(atMost ? figure.low() : figure.high()) ? "by its interval" : "no";
    }

    private boolean holds(double value) {
        return atMost ? value <= bound : value >= bound;
    }

    @Override
    public String toString() {
        return (atMost ? "≤ " : "≥ ") + Numbers.text(bound);
    }
}
