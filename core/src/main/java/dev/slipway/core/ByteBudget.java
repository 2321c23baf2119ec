package dev.slipway.core;

import java.util.concurrent.atomic.AtomicLong;

/** A number of bytes that several may hold parts of. */
public final class ByteBudget {

    private final long limit;
    private final AtomicLong held = new AtomicLong();

    public ByteBudget(long limit) {
        this.limit = limit;
    }

    /** Takes a part, unless all parts together would exceed the limit; one that is refused is in nobody's way. */
    public boolean tryTake(long bytes) {
        for (; ; ) {
            long now = held.get();
            if (bytes > limit - now) {
                return false;
            }
            if (held.compareAndSet(now, now + bytes)) {
                return true;
            }
        }
    }

    /** Takes a part of any size, even one beyond the limit, if nobody holds any. */
    public boolean tryTakeAlone(long bytes) {
        return held.compareAndSet(0, bytes);
    }

    public void giveBack(long bytes) {
        held.addAndGet(-bytes);
    }

    public long limit() {
        return limit;
    }

    public long held() {
        return held.get();
    }
}
