package dev.slipway.core;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A count of those who still need something, which can be closed to newcomers and tells when the last one has left.
 * Whoever has claimed can rely on it until releasing.
 */
public final class Claims {

    private static final long CLOSED = Long.MIN_VALUE;

    private final AtomicLong state = new AtomicLong();
    private final Runnable whenAllLeft;

    /**
     * An open count of none.
     *
     * @param whenAllLeft run once, when it is closed and nobody is left, on the thread that brought that about
     */
    public Claims(Runnable whenAllLeft) {
        this.whenAllLeft = whenAllLeft;
    }

    /** Adds one, unless closed. */
    public boolean tryClaim() {
        for (; ; ) {
            long now = state.get();
            if (now < 0) {
                return false;
            }
            if (state.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Takes one away; each successful {@link #tryClaim} is followed by exactly one. */
    public void release() {
        if (state.decrementAndGet() == CLOSED) {
            whenAllLeft.run();
        }
    }

    /** Refuses newcomers from now on; false when it already did. */
    public boolean close() {
        long before = state.getAndUpdate(now -> now | CLOSED);
        if (before < 0) {
            return false;
        }
        if (before == 0) {
            whenAllLeft.run();
        }
        return true;
    }

    public boolean closed() {
        return state.get() < 0;
    }

    public long count() {
        return state.get() & ~CLOSED;
    }
}
