package dev.slipway.serving;

import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;

/**
 * Counts what becomes of a version's requests, and tells the observer. What was asked before it is published was asked to
 * try it out: the counts begin anew then, and the observer hears of nothing before.
 */
final class VersionMetrics {

    private final VersionSource source;
    private final Shared shared;
    private volatile VersionCounters counters;
    private volatile boolean published;

    VersionMetrics(VersionSource source, Shared shared) {
        this.source = source;
        this.shared = shared;
        this.counters = counters();
    }

    private VersionCounters counters() {
        return new VersionCounters(source.settings().batching().maxSize());
    }

    void publish() {
        if (!published) {
            counters = counters();
            published = true;
        }
    }

    boolean published() {
        return published;
    }

    void came() {
        counters.came(shared.timer().currentTimeMillis());
    }

    void ran(long batchRows, RunTimes times) {
        counters.ran(batchRows, times);
        if (published) {
            shared.observer().ran(source.model(), source.version(), batchRows, times.infer());
        }
    }

    void answered(Admission admission, long began, RunTimes times, long batchRows) {
        long queued = began - admission.arrived();
        long total = shared.timer().nanoTime() - admission.arrived();
        counters.succeeded(admission.rows(), total, queued, times);
        if (published) {
            InferenceResponse.Timing timing = new InferenceResponse.Timing(queued, times.infer(), batchRows);
            shared.observer().answered(source.model(), source.version(), timing, total);
        }
    }

    void failed(Admission admission, Failure failure) {
        counters.failed(shared.timer().nanoTime() - admission.arrived());
        if (published && !admission.shadow()) {
            shared.observer().failed(source.model(), source.version(), failure);
        }
    }

    /** A request was answered without a run of its own. */
    void repeated(long nanos) {
        counters.repeated(nanos);
        if (published) {
            shared.observer().cached(source.model(), source.version(), true);
        }
    }

    /** A request was not found among the answers that are kept. */
    void missed(long nanos) {
        counters.missed(nanos);
        if (published) {
            shared.observer().cached(source.model(), source.version(), false);
        }
    }

    /** A request that waited for another's run was not answered. */
    void failedToo(Failure failure, long nanos) {
        counters.failed(nanos);
        if (published) {
            shared.observer().failed(source.model(), source.version(), failure);
        }
    }

    VersionStatistics statistics(long queued, long running) {
        return counters.statistics(queued, running);
    }
}
