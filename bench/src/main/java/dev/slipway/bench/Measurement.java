package dev.slipway.bench;

import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * What was measured of a server under one load.
 *
 * @param seconds from when the first request counted was due to the last answer; of a server that falls behind an open load,
 *     longer than requests were due
 * @param latencies from the moment that a request was due to its whole answer, nanoseconds
 * @param errors what was answered or happened instead, and how often
 * @param unanswered requests that had no answer when nobody waited any longer
 * @param statistics what the server says of the same time; empty when it keeps none
 */
public record Measurement(
        Load load,
        double seconds,
        Histogram latencies,
        Map<String, Long> errors,
        long unanswered,
        Optional<Statistics> statistics) {

    /** Requests that were answered rightly. */
    public long answered() {
        return latencies.getTotalCount();
    }

    /** Answered requests a second. */
    public double rate() {
        return answered() / seconds;
    }

    /** Requests that were not. */
    public long failed() {
        return unanswered + errors.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The latency that {@code percent} of the answered requests do not exceed, milliseconds; NaN without any. */
    public double millis(double percent) {
        return answered() == 0 ? Double.NaN : latencies.getValueAtPercentile(percent) / 1e6;
    }

    /** The mean latency, milliseconds; NaN without any. */
    public double meanMillis() {
        return answered() == 0 ? Double.NaN : latencies.getMean() / 1e6;
    }
}
