package dev.slipway.serving;

import java.util.concurrent.atomic.AtomicLong;

/** A count of those who still need something, which can be closed to newcomers and tells when the last one has left. */
final class Claims {

    private static final long CLOSED = Long.MIN_VALUE;

    private final AtomicLong state = new AtomicLong();
    private final Runnable whenAllLeft;

    /**
     * An open count of none.
     *
     * @param whenAllLeft run once, when it is closed and nobody is left, on the thread that brought that about
     */
    Claims(Runnable whenAllLeft) {
        this.whenAllLeft = whenAllLeft;
    }

    /** Adds one, unless closed. */
    boolean tryClaim() {
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
    void release() {
        if (state.decrementAndGet() == CLOSED) {
            whenAllLeft.run();
        }
    }

    /** Refuses newcomers from now on; false when it already did. */
    boolean close() {
        long before = state.getAndUpdate(now -> now | CLOSED);
        if (before < 0) {
            return false;
        }
        if (before == 0) {
            whenAllLeft.run();
        }
        return true;
    }

    boolean closed() {
        return state.get() < 0;
    }

    long count() {
        return state.get() & ~CLOSED;
    }
}
