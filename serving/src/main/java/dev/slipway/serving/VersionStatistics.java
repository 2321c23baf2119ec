package dev.slipway.serving;

import java.util.List;

/**
 * Counts of one version since it was published, as Triton's statistics extension defines them.
 *
 * @param lastInferenceMillis when the last request came, milliseconds since the epoch; 0 for never
 * @param inferences rows answered by a run, not from the cache
 * @param executions runs of the engine
 * @param cacheHit requests answered by what another came to; they are successes, too
 * @param cacheMiss looks into the cache that found nothing
 * @param queued requests that wait now
 * @param running runs that go on now
 */
public record VersionStatistics(
        long lastInferenceMillis,
        long inferences,
        long executions,
        Duration success,
        Duration fail,
        Duration queue,
        Duration computeInput,
        Duration computeInfer,
        Duration computeOutput,
        Duration cacheHit,
        Duration cacheMiss,
        List<Batch> batches,
        long queued,
        long running) {

    /** How often, and for how many nanoseconds together. */
    public record Duration(long count, long nanos) {}

    /**
     * Runs of one batch size.
     *
     * @param size in rows; a request of more than {@code batching.max_size} rows, which runs alone, counts at the next
     *     power of two, so that no caller makes entries without end
     */
    public record Batch(long size, Duration computeInput, Duration computeInfer, Duration computeOutput) {}

    public VersionStatistics {
        batches = List.copyOf(batches);
    }
}
