package dev.slipway.graph;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A size of which more or less is known: a number, times sizes known by name only, such as 4 times the heads times the rows.
 *
 * @param powers how often each name is a factor
 */
record Extent(long number, Map<String, Integer> powers) {

    static final Extent ONE = of(1);

    /** The number of rows in a batch; names from elsewhere are written differently. */
    static final Extent ROWS = named("rows");

    /** How the names of numbers begin that may be below 0. */
    static final String NUMBER = "#";

    private static final long MOST_OF_ROWS = 1 << 15;
    private static final long MOST_OF_OTHERS = 1 << 7;
    private static final int MOST_NAMES = 16;
    private static final int HIGHEST_POWER = 16;

    Extent {
        powers = Map.copyOf(powers);
    }

    static Extent of(long number) {
        return new Extent(number, Map.of());
    }

    static Extent named(String name) {
        return new Extent(1, Map.of(name, 1));
    }

    boolean is(long value) {
        return powers.isEmpty() && number == value;
    }

    /** Whether it is a number and nothing else. */
    boolean plain() {
        return powers.isEmpty();
    }

    /** Whether it is known not to be negative. */
    boolean size() {
        return number >= 0 && powers.keySet().stream().noneMatch(name -> name.startsWith(NUMBER));
    }

    /** Whether 32 bits hold it as they hold any other, in every batch that memory holds. */
    boolean narrow() {
        if (plain()) {
            return number == (int) number;
        }
        boolean one = powers.values().stream().allMatch(power -> power == 1);
        boolean alone = powers.size() == 1;
        long most = !countsRows() ? MOST_OF_OTHERS : alone ? MOST_OF_ROWS : 1;
        return size() && one && number <= most && (alone || (countsRows() && powers.size() == 2));
    }

    /** Whether it depends on how many rows a batch has. */
    boolean countsRows() {
        return powers.keySet().containsAll(ROWS.powers().keySet());
    }

    /** The product; empty when it cannot be written down. */
    Optional<Extent> times(Extent other) {
        return combined(other, 1, Math.multiplyHigh(number, other.number), number * other.number);
    }

    /** What times the divisor gives this; empty when that is no whole number or cannot be told. */
    Optional<Extent> over(Extent divisor) {
        if (divisor.number == 0 || number % divisor.number != 0) {
            return Optional.empty();
        }
        long quotient = number / divisor.number;
        return combined(divisor, -1, quotient < 0 ? -1 : 0, quotient);
    }

    private Optional<Extent> combined(Extent other, int sign, long high, long low) {
        Map<String, Integer> sum = new TreeMap<>(powers);
        other.powers.forEach((name, power) -> sum.merge(name, sign * power, Integer::sum));
        sum.values().removeIf(power -> power == 0);
        boolean written = high == low >> 63
                && sum.size() <= MOST_NAMES
                && sum.values().stream().allMatch(power -> power > 0 && power <= HIGHEST_POWER);
        return written ? Optional.of(new Extent(low, low == 0 ? Map.of() : sum)) : Optional.empty();
    }

    /** The product of sizes; empty when it cannot be written down. */
    static Optional<Extent> product(List<Extent> extents) {
        Optional<Extent> product = Optional.of(ONE);
        for (Extent extent : extents) {
            product = product.flatMap(extent::times);
        }
        return product;
    }
}
