package dev.slipway.deployment;

import dev.slipway.core.Settings;
import java.util.List;

/**
 * What was found by {@link Deployments#tune}.
 *
 * @param processor the kind of processor that it was measured on
 * @param tried the present settings first, then the others, each with its longest measurement
 * @param best one of them; the present ones where no others are clearly better
 * @param met whether the best is within the limit that was given
 */
public record TuningResult(String processor, int cores, List<Tried> tried, Tried best, boolean met) {

    /**
     * Settings and what came of them.
     *
     * @param rate answers a second
     */
    public record Tried(Settings settings, double rate, double p50Millis, double p99Millis) {}

    public TuningResult {
        tried = List.copyOf(tried);
    }

    /** Whether other settings than the present ones are best. */
    public boolean changes() {
        return !best.equals(tried.getFirst());
    }
}
