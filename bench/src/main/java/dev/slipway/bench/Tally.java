package dev.slipway.bench;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What came of the requests of one lane that were due in a span of time. */
final class Tally {

    private static final long LONGEST = TimeUnit.HOURS.toNanos(1);
    private static final int DIGITS = 3;
    private static final int MOST_ERRORS = 20;

    private final Span span;
    private final Histogram latencies = new Histogram(LONGEST, DIGITS);
    private final Map<String, Long> errors = new TreeMap<>();
    private long due;
    private long last = Long.MIN_VALUE;

    Tally(Span span) {
        this.span = span;
    }

    /** A request is due; each is answered or failed once, or stays without an answer. */
    void due(long moment) {
        if (span.holds(moment)) {
            due++;
        }
    }

    void answered(long due, long now) {
        if (span.holds(due)) {
            latencies.recordValue(Math.clamp(now - due, 0, LONGEST));
            last = Math.max(last, now);
        }
    }

    void failed(long due, Throwable error) {
        if (span.holds(due)) {
            String text = error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
            String kept = errors.containsKey(text) || errors.size() < MOST_ERRORS ? text : "other errors";
            errors.merge(kept, 1L, Long::sum);
        }
    }

    /** What was measured of all lanes of a load. */
    static Measurement measurement(Load load, Span span, List<Tally> tallies, Optional<Statistics> statistics) {
        Histogram latencies = new Histogram(LONGEST, DIGITS);
        Map<String, Long> errors = new TreeMap<>();
        long due = 0;
        long last = span.until();
        for (Tally tally : tallies) {
            due += tally.due;
            latencies.add(tally.latencies);
            last = Math.max(last, tally.last);
            tally.errors.forEach((text, count) -> errors.merge(text, count, Long::sum));
        }
        long failed = errors.values().stream().mapToLong(Long::longValue).sum();
        long unanswered = due - latencies.getTotalCount() - failed;
        double seconds = (last - span.from()) / 1e9;
        return new Measurement(load, seconds, latencies, errors, unanswered, statistics);
    }
}
