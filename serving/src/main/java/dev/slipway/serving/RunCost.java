package dev.slipway.serving;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long a version's runs take: all together, from which the next one may be lengthy, and by the size of their inputs, from
 * which it may be so brief that it stays on the event loop. The estimate of a size is a running median: each run moves it by at most an eighth towards its
 * own time, so that one interruption by the system says little. Two runs far above that among a few, or one that is too long for
 * an interruption, close all sizes for a while.
 */
final class RunCost {

    /** About what the way to another thread and back takes; a larger JSON body holds an event loop longer. */
    private static final long BRIEF_NANOS = 50_000;

    private static final long LENGTHY_NANOS = 1_000_000;
    private static final long FAR_ABOVE_NANOS = 20 * BRIEF_NANOS;
    private static final long BEYOND_INTERRUPTION_NANOS = 20 * FAR_ABOVE_NANOS;

    /** Runs among which the system interrupts hardly two. */
    private static final int FEW = 8;

    private static final long CLOSED_NANOS = 100_000_000;

    /** Inputs of one number of bytes have several shapes, and the more of them the larger they are. */
    private static final long MOST_BYTES = 1 << 16;

    /** Runs of a size before its estimate is believed. */
    private static final int ENOUGH = 32;

    private final boolean steady;
    private final AtomicLongArray estimates = new AtomicLongArray(size(MOST_BYTES) + 1);
    private final AtomicIntegerArray runs = new AtomicIntegerArray(estimates.length());
    private final AtomicInteger sinceLong = new AtomicInteger(FEW);
    private volatile long typical;
    private volatile long closedUntil;
    private volatile boolean closed; // ever: before it, closedUntil says nothing

    /** The cost of a model's runs. One that is not steady is never brief, since values can make it long. */
    RunCost(boolean steady) {
        this.steady = steady;
    }

    /** Counts a run; several at once may lose one of them, which the estimate can bear. */
    void ran(long bytes, long nanos, long now) {
        typical = nearer(typical, nanos);
        if (!steady || bytes > MOST_BYTES) {
            return;
        }
        if (nanos <= FAR_ABOVE_NANOS) {
            sinceLong.incrementAndGet();
        } else if (sinceLong.getAndSet(0) < FEW || nanos > BEYOND_INTERRUPTION_NANOS) {
            closedUntil = now + CLOSED_NANOS;
            closed = true;
        }
        int size = size(bytes);
        estimates.set(size, nearer(estimates.get(size), nanos));
        if (runs.get(size) < ENOUGH) {
            runs.incrementAndGet(size);
        }
    }

    /** Whether a run for inputs of so many bytes is expected to be brief. */
    boolean brief(long bytes, long now) {
        if (!steady || bytes > MOST_BYTES) {
            return false;
        }
        int size = size(bytes);
        return runs.get(size) >= ENOUGH && estimates.get(size) <= BRIEF_NANOS && !closed(now);
    }

    /** An estimate after another run, at most an eighth nearer to it. */
    private static long nearer(long estimate, long nanos) {
        long step = estimate / 8 + 1;
        return estimate == 0 ? Math.max(1, nanos) : estimate + Math.clamp(nanos - estimate, -step, step);
    }

    /** Whether a run, of whatever size, is expected to keep a core for longer than others should wait for it. */
    boolean lengthy() {
        return typical > LENGTHY_NANOS;
    }

    private boolean closed(long now) {
        return closed && now - closedUntil < 0;
    }

    /** Sizes that differ by less than a factor of two are one. */
    private static int size(long bytes) {
        return Long.SIZE - 1 - Long.numberOfLeadingZeros(bytes | 1);
    }
}
