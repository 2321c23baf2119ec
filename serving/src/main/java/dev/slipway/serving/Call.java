package dev.slipway.serving;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Failure;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.QueueSettings;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A request that a version has accepted. It is answered once, by its run, its deadline or its caller's cancellation;
 * and it is settled once, when nothing needs its inputs or its version any more, which may be later.
 */
final class Call {

    private final ServedVersion version;
    private final Admission admission;
    private final Reply reply;
    private final long bytes;
    private final AtomicBoolean settled = new AtomicBoolean();
    private final AtomicReference<@Nullable Run> givenUpOn = new AtomicReference<>();
    private final Runnable whenCancelled = this::cancelled;
    private volatile Timer.@Nullable Alarm alarm;
    private volatile Timer.@Nullable Alarm patience;
    private volatile @Nullable Run run;

    /** Its place in the queue, which guards it. */
    @Nullable
    Call before;

    @Nullable
    Call after;

    @Nullable
    CallList list;

    Call(ServedVersion version, Admission admission, Reply reply) {
        this.version = version;
        this.admission = admission;
        this.reply = reply;
        long sum = 0;
        for (NamedTensor input : admission.inputs()) {
            sum += input.tensor().data().byteSize() + input.tensor().index().byteSize();
        }
        this.bytes = sum;
    }

    Admission admission() {
        return admission;
    }

    InferenceRequest request() {
        return admission.request();
    }

    Reply reply() {
        return reply;
    }

    /** The bytes of its inputs. */
    long bytes() {
        return bytes;
    }

    /** Sets off what may end it early, or move it in the queue; called once it may wait. */
    void watch(Timer timer, QueueSettings.Policy policy) {
        alarm = timer.at(admission.deadline(), this::expire);
        if (policy.timeout().isPositive()) {
            patience = timer.at(admission.arrived() + policy.timeout().toNanos(), () -> waitedTooLong(policy));
        }
        request().cancellation().onCancel(whenCancelled);
        if (settled.get()) {
            unwatch();
        }
    }

    private void unwatch() {
        cancel(alarm);
        cancel(patience);
        request().cancellation().remove(whenCancelled);
    }

    private static void cancel(Timer.@Nullable Alarm set) {
        if (set != null) {
            set.cancel();
        }
    }

    private void waitedTooLong(QueueSettings.Policy policy) {
        switch (policy.action()) {
            case DELAY -> version.queue().delay(this);
            case REJECT -> {
                if (version.queue().remove(this)) {
                    fail(version.overloaded(
                            "the request waited for " + policy.timeout().toMillis()
                                    + " ms, the longest that the queue's policy allows, for " + version.label()));
                    settle();
                }
            }
        }
    }

    /** Ends it because its time is over. */
    void expire() {
        abandon(version.tooLate(admission.arrived(), admission.deadline()));
    }

    private void cancelled() {
        Cancellation cancellation = request().cancellation();
        Failure reason = cancellation.reason();
        abandon(reason == null ? new Failure.Cancelled("the caller has gone") : reason);
    }

    /** Ends it with a failure, wherever it is: it leaves the queue, or its run if nobody else wants that. */
    void abandon(Failure why) {
        if (!fail(why)) {
            return;
        }
        if (version.queue().remove(this)) {
            settle();
            return;
        }
        Run now = run;
        if (now != null) {
            giveUp(now);
        }
    }

    /** Tells that a run has taken it up. */
    void begin(Run started) {
        run = started;
        if (reply.closed()) {
            giveUp(started);
        }
    }

    private void giveUp(Run unwanted) {
        if (givenUpOn.getAndSet(unwanted) != unwanted) {
            unwanted.oneLess();
        }
    }

    boolean fail(Failure failure) {
        if (!reply.fail(failure, () -> version.metrics().failed(admission, failure))) {
            return false;
        }
        version.told();
        return true;
    }

    /** Ends it well. */
    void complete(long began, RunTimes times, long batchRows) {
        if (reply.complete(() -> version.metrics().answered(admission, began, times, batchRows))) {
            version.told();
        }
    }

    /** Gives back what it holds, once. */
    void settle() {
        if (settled.compareAndSet(false, true)) {
            unwatch();
            request().close();
            version.settled();
        }
    }
}
