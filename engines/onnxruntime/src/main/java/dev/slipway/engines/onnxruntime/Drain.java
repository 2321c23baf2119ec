package dev.slipway.engines.onnxruntime;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A count of those who use something, which frees it when it is closed and the last one has left. Whoever has entered
 * can rely on it until leaving; after closing nobody enters.
 */
final class Drain {

    private static final long CLOSED = 1L << 62;

    private final AtomicLong state = new AtomicLong();
    private final Runnable free;

    /** @param free runs once, on the thread that closes or leaves last */
    Drain(Runnable free) {
        this.free = free;
    }

    /** Begins a use; false when it is closed. */
    boolean enter() {
        for (; ; ) {
            long now = state.get();
            if ((now & CLOSED) != 0) {
                return false;
            }
            if (state.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    void leave() {
        if (state.decrementAndGet() == CLOSED) {
            free.run();
        }
    }

    boolean closed() {
        return (state.get() & CLOSED) != 0;
    }

    /** Refuses entry from now on; later calls do nothing. */
    void close() {
        for (; ; ) {
            long now = state.get();
            if ((now & CLOSED) != 0) {
                return;
            }
            if (state.compareAndSet(now, now | CLOSED)) {
                if (now == 0) {
                    free.run();
                }
                return;
            }
        }
    }
}
