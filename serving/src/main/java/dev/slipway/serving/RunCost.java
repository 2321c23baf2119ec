package dev.slipway.serving;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long a version's runs take, by the size of their inputs, and from that whether the next one is shorter than the way
 * to another thread and back. The estimate of a size is a running median: each run moves it by at most an eighth towards
 * its own time, so that one interruption by the system says little. A run far above that closes all sizes for a while,
 * since a model may loop over what its inputs hold.
 */
final class RunCost {

    /** A hand-over to another thread and back costs about as much. */
    private static final long BRIEF_NANOS = 25_000;

    private static final long FAR_ABOVE_NANOS = 40 * BRIEF_NANOS;
    private static final long CLOSED_NANOS = 100_000_000;

    /** Runs of a size before its estimate is believed. */
    private static final int ENOUGH = 32;

    private static final int SIZES = Long.SIZE;

    private final AtomicLongArray estimates = new AtomicLongArray(SIZES);
    private final AtomicIntegerArray runs = new AtomicIntegerArray(SIZES);
    private volatile long closedUntil = Long.MIN_VALUE;

    /** Counts a run; several at once may lose one of them, which the estimate can bear. */
    void ran(long bytes, long nanos, long now) {
        if (nanos > FAR_ABOVE_NANOS) {
            closedUntil = now + CLOSED_NANOS;
        }
        int size = size(bytes);
        long before = estimates.get(size);
        if (before == 0) {
            estimates.set(size, Math.max(1, nanos));
        } else {
            long step = before / 8 + 1;
            estimates.set(size, before + Math.clamp(nanos - before, -step, step));
        }
        if (runs.get(size) < ENOUGH) {
            runs.incrementAndGet(size);
        }
    }

    /** Whether a run for inputs of so many bytes is expected to be brief. */
    boolean brief(long bytes, long now) {
        int size = size(bytes);
        return runs.get(size) >= ENOUGH
                && estimates.get(size) <= BRIEF_NANOS
                && (closedUntil == Long.MIN_VALUE || now - closedUntil >= 0);
    }

    /** Sizes that differ by less than a factor of two are one. */
    private static int size(long bytes) {
        return SIZES - 1 - Long.numberOfLeadingZeros(bytes | 1);
    }
}
