package dev.slipway.serving;

import java.util.concurrent.atomic.AtomicLong;

/** A number of bytes that several may hold parts of. */
final class ByteBudget {

    private final long limit;
    private final AtomicLong held = new AtomicLong();

    ByteBudget(long limit) {
        this.limit = limit;
    }

    boolean tryTake(long bytes) {
        if (held.addAndGet(bytes) > limit) {
            held.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void giveBack(long bytes) {
        held.addAndGet(-bytes);
    }

    long limit() {
        return limit;
    }

    long held() {
        return held.get();
    }
}
