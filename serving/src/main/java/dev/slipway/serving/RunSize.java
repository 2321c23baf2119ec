package dev.slipway.serving;

import dev.slipway.core.Settings;

/**
 * How many rows the next run of a version may take: what waits, up to the most that its settings allow. Where they prefer
 * sizes or have a delay, requests wait for others up to that.
 */
final class RunSize {

    private final Settings.Batching batching;
    private final RequestQueue queue;
    private final Timer timer;
    private final Runnable overdue;
    private long delayedUntil = Long.MIN_VALUE;

    /** @param overdue called when requests have waited long enough for others */
    RunSize(Settings.Batching batching, RequestQueue queue, Timer timer, Runnable overdue) {
        this.batching = batching;
        this.queue = queue;
        this.timer = timer;
        this.overdue = overdue;
    }

    /** The most rows of a run that starts now, or 0 while requests wait for others; never called by two at once. */
    int rows() {
        long waiting = queue.rows();
        int preferred = batching.preferred(waiting);
        if (preferred > 0) {
            return preferred;
        }
        return waiting < batching.maxSize()
                        && waitsForOthers(batching.maxDelay().toNanos())
                ? 0
                : batching.maxSize();
    }

    private boolean waitsForOthers(long delay) {
        Long since = delay == 0 ? null : queue.waitingSince();
        if (since == null || since + delay - timer.nanoTime() <= 0) {
            return false;
        }
        if (delayedUntil != since + delay) {
            delayedUntil = since + delay;
            timer.at(delayedUntil, overdue);
        }
        return true;
    }
}
