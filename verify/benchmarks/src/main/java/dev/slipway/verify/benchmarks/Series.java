package dev.slipway.verify.benchmarks;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * A figure of each round.
 *
 * @param values in the order of the rounds
 */
public record Series(List<Double> values) {

    /** How sure the interval is to hold the median that endless rounds would have. */
    private static final double SURE = 0.95;

    public Series {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a figure of no round at all");
        }
    }

    /** The same round's figure divided by another's. */
    public Series over(Series other) {
        return with(other, (mine, its) -> mine / its);
    }

    /** The same round's figure less another's. */
    public Series minus(Series other) {
        return with(other, (mine, its) -> mine - its);
    }

    public Series times(double factor) {
        return new Series(values.stream().map(each -> each * factor).toList());
    }

    private Series with(Series other, DoubleBinaryOperator operator) {
        return new Series(IntStream.range(0, values.size())
                .mapToObj(round -> operator.applyAsDouble(values.get(round), other.values.get(round)))
                .toList());
    }

    public double median() {
        List<Double> sorted = sorted();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The low end of the interval around the median: the least, or with many rounds one that is nearer. */
    public double low() {
        return sorted().get(outside());
    }

    /** Its high end. */
    public double high() {
        return sorted().get(values.size() - 1 - outside());
    }

    private List<Double> sorted() {
        return values.stream().sorted().toList();
    }

    /**
     * How many values on either side the interval leaves out (the sign test's interval): the median lies beyond the k-th
     * least or greatest with the probability that n fair coins show fewer than k heads, twice.
     */
    private int outside() {
        int rounds = values.size();
        double coins = Math.pow(0.5, rounds);
        double beyond = 0;
        int left = 0;
        for (int heads = 0; heads < rounds / 2; heads++) {
            beyond += 2 * coins;
            if (beyond > 1 - SURE) {
                return Math.max(0, left - 1);
            }
            left++;
            coins = coins * (rounds - heads) / (heads + 1);
        }
        return Math.max(0, left - 1);
    }
}
