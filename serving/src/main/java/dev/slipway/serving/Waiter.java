package dev.slipway.serving;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Failure;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.ResponseSink;
import org.jspecify.annotations.Nullable;

/** A caller who waits for a {@link Flight}, under a deadline and a cancellation of its own. */
final class Waiter {

    private final ServedVersion version;
    private final Flight flight;
    private final String id;
    private final Cancellation cancellation;
    private final Reply reply;
    private final boolean counted;
    private final long arrived;
    private final long deadline;
    private final Runnable whenCancelled = this::cancelled;
    private volatile Timer.@Nullable Alarm alarm;

    /** @param counted whether the run of the flight counts for this caller */
    Waiter(ServedVersion version, Flight flight, InferenceRequest request, ResponseSink sink, boolean counted) {
        this.version = version;
        this.flight = flight;
        this.id = request.id();
        this.cancellation = request.cancellation();
        this.reply = new Reply(sink);
        this.counted = counted;
        this.arrived = version.now();
        this.deadline = version.deadline(arrived, request.deadline());
    }

    /** Sets off what may end its patience. */
    void watch() {
        alarm = version.timer().at(deadline, () -> giveUp(version.tooLate(arrived, deadline)));
        cancellation.onCancel(whenCancelled);
        if (reply.closed()) {
            unwatch();
        }
    }

    private void unwatch() {
        Timer.Alarm set = alarm;
        if (set != null) {
            set.cancel();
        }
        cancellation.remove(whenCancelled);
    }

    private void cancelled() {
        Failure reason = cancellation.reason();
        giveUp(reason == null ? new Failure.Cancelled("the caller has gone") : reason);
    }

    private void giveUp(Failure why) {
        if (fail(why)) {
            flight.left(this);
        }
    }

    /** Passes on an answer, whose tensors it claims for its caller. */
    void next(InferenceResponse response) {
        reply.next(new InferenceResponse(
                response.model(),
                response.version(),
                id,
                NamedTensor.retainAll(response.outputs()),
                response.parameters(),
                response.timing()));
    }

    void complete() {
        if (reply.complete(() -> {
            if (!counted) {
                version.metrics().repeated(version.now() - arrived);
            }
        })) {
            unwatch();
        }
    }

    boolean fail(Failure failure) {
        boolean first = reply.fail(failure, () -> {
            if (!counted) {
                version.metrics().failedToo(failure, version.now() - arrived);
            }
        });
        if (first) {
            unwatch();
        }
        return first;
    }
}
