package dev.slipway.server;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The bytes that request bodies may hold together; what does not fit is refused before it is read. */
final class ByteBudget {

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    ByteBudget(long limit) {
        this.limit = limit;
    }

    void take(long bytes) {
        if (used.addAndGet(bytes) > limit) {
            used.addAndGet(-bytes);
            throw new FailureException(new Failure.Overloaded(
                    "requests in flight hold " + used.get() + " of " + limit + " bytes, " + bytes
                            + " more do not fit; try again soon",
                    Duration.ofSeconds(1)));
        }
    }

    void giveBack(long bytes) {
        used.addAndGet(-bytes);
    }

    long used() {
        return used.get();
    }
}
