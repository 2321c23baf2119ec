package dev.slipway.deployment;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a version's settings.
 *
 * @param p99 what the 99th percentile of the answer times must not exceed; null for anything
 * @param concurrency callers that ask again as soon as they have their answer
 * @param time how long it may be measured, without the loads of the version with other settings
 */
public record TuningGoal(Objective objective, @Nullable Duration p99, int concurrency, Duration time) {

    /** Others must be better by this factor to be preferred to the present settings. */
    private static final double CLEARLY = 1.05;

    /** What is to be best. */
    public enum Objective {
        /** The most answers a second. */
        THROUGHPUT,
        /** The lowest 99th percentile of the answer times. */
        LATENCY
    }

    public TuningGoal {
        require(concurrency >= 1 && concurrency <= 1024, "concurrency", concurrency, "between 1 and 1024");
        require(
                time.compareTo(Duration.ofSeconds(1)) >= 0 && time.compareTo(Duration.ofHours(1)) <= 0,
                "time",
                time,
                "between a second and an hour");
        require(p99 == null || p99.isPositive(), "p99", String.valueOf(p99), "positive");
    }

    private static void require(boolean holds, String what, Object given, String rule) {
        if (!holds) {
            throw new FailureException(Failure.BadInput.of("tuning: " + what + " is " + given + ", must be " + rule));
        }
    }

    /** Whether a measurement is within the limit. */
    boolean allows(TuningResult.Tried tried) {
        return p99 == null || tried.p99Millis() * 1e6 <= p99.toNanos();
    }

    /** From the best to the worst: what is within the limit first; what is beyond it by how far. */
    Comparator<TuningResult.Tried> better() {
        return (one, other) -> {
            boolean allowed = allows(one);
            if (allowed != allows(other)) {
                return allowed ? -1 : 1;
            }
            return allowed
                    ? Double.compare(gain(other, one), gain(one, other))
                    : Double.compare(one.p99Millis(), other.p99Millis());
        };
    }

    /** The best of all, or {@code present} where that is about as good. */
    TuningResult.Tried best(TuningResult.Tried present, List<TuningResult.Tried> all) {
        TuningResult.Tried best = all.stream().min(better()).orElse(present);
        boolean clearly = allows(best) != allows(present) || gain(best, present) >= CLEARLY;
        return clearly ? best : present;
    }

    /** How much better one is than the other, as a factor above 1. */
    private double gain(TuningResult.Tried one, TuningResult.Tried other) {
        return switch (objective) {
            case THROUGHPUT -> one.rate() / other.rate();
            case LATENCY -> other.p99Millis() / one.p99Millis();
        };
    }
}
