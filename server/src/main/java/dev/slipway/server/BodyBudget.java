package dev.slipway.server;

import dev.slipway.core.ByteBudget;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.time.Duration;

/** The bytes that request bodies may hold together; what does not fit is refused. */
final class BodyBudget {

    private final ByteBudget bytes;

    BodyBudget(long limit) {
        this.bytes = new ByteBudget(limit);
    }

    void take(long more) {
        if (!bytes.tryTake(more)) {
            throw full(more);
        }
    }

    /** Refuses what would not fit now, without taking anything for it. */
    void requireRoom(long more) {
        if (bytes.held() + more > bytes.limit()) {
            throw full(more);
        }
    }

    private FailureException full(long more) {
        if (more > bytes.limit()) {
            return new FailureException(new Failure.TooLarge(
                    more + " bytes given, all requests in flight together may hold " + bytes.limit()));
        }
        return new FailureException(new Failure.Overloaded(
                "requests in flight hold " + bytes.held() + " of " + bytes.limit() + " bytes, " + more
                        + " more do not fit; try again soon",
                Duration.ofSeconds(1)));
    }

    void giveBack(long less) {
        bytes.giveBack(less);
    }

    long held() {
        return bytes.held();
    }
}
