package dev.slipway.serving;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.spi.AnswerSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of the engine for one call or for several together. */
final class Run implements Dispatcher.Job, AnswerSink {

    private static final Logger LOG = LoggerFactory.getLogger(Run.class);
    private static final String OTHER_ROWS = "an answer to %d rows together had other than %d rows";

    private final ServedVersion version;
    private final List<Call> calls;
    private final Seat seat;
    private final long rows;
    private final long bytes;
    private final Cancellation cancellation = new Cancellation();
    private final AtomicInteger wanted;
    private long began;
    private long started;
    private long firstAnswer;
    private boolean answered;
    private boolean misshapen;

    /** @param seat claimed for this run, which releases it with {@link #run} or {@link #refuse} */
    Run(ServedVersion version, List<Call> calls, Seat seat) {
        this.version = version;
        this.calls = calls;
        this.seat = seat;
        long sum = 0;
        long held = 0;
        for (Call call : calls) {
            sum += call.admission().rows();
            held += call.bytes();
        }
        this.rows = sum;
        this.bytes = held;
        this.wanted = new AtomicInteger(calls.size());
    }

    /** Tells that one of its calls has been given up; the last one ends the run. */
    void oneLess() {
        if (wanted.decrementAndGet() == 0) {
            cancel(new Failure.Cancelled("nobody waits for the answer any more"));
        }
    }

    void cancel(Failure why) {
        cancellation.cancel(why);
    }

    @Override
    public void run() {
        try {
            go();
        } finally {
            version.leave(seat);
        }
    }

    private void go() {
        began = version.now();
        List<Call> live = new ArrayList<>(calls.size());
        for (Call call : calls) {
            if (stillWanted(call)) {
                live.add(call);
            }
        }
        if (live.size() == calls.size()) {
            calls.forEach(call -> call.begin(this));
            version.runs().add(this);
            Failure stopped = version.stopped();
            Failure failure = stopped == null ? attempt() : stopped;
            version.runs().remove(this);
            finish(failure);
        } else if (!live.isEmpty()) {
            new Run(version, live, seat).go();
        }
    }

    @Override
    public void refuse() {
        Failure failure = version.overloaded("no thread could be started for the run");
        calls.forEach(call -> call.fail(failure));
        calls.forEach(Call::settle);
        version.leave(seat);
    }

    @Override
    public boolean brief() {
        return version.brief(bytes);
    }

    @Override
    public boolean lengthy() {
        return version.lengthy();
    }

    private boolean stillWanted(Call call) {
        if (call.admission().deadline() - began <= 0) {
            call.expire();
        }
        if (call.reply().closed()) {
            call.settle();
            return false;
        }
        return true;
    }

    private @Nullable Failure attempt() {
        List<NamedTensor> gathered = List.of();
        try {
            List<NamedTensor> inputs = calls.getFirst().admission().inputs();
            if (calls.size() > 1) {
                gathered = Batch.gather(
                        calls.stream().map(call -> call.admission().inputs()).toList(), version.pool());
                inputs = gathered;
            }
            started = version.now();
            seat.opened().run(inputs, calls.getFirst().admission().outputs(), cancellation, this);
            return null;
        } catch (FailureException e) {
            return e.failure();
        } catch (Throwable e) { // whatever an engine throws, the callers are answered
            LOG.error("{}: a run broke", version.label(), e);
            return FailureException.of(e);
        } finally {
            NamedTensor.closeAll(gathered);
        }
    }

    private void finish(@Nullable Failure failure) {
        if (calls.size() > 1 && !answered && (misshapen || (failure != null && mayBeOfOneCall(failure)))) {
            calls.forEach(call -> new Run(version, List.of(call), seat).go());
            return;
        }
        if (failure != null) {
            calls.forEach(call -> call.fail(failure));
        } else if (misshapen) {
            calls.forEach(call -> call.fail(new Failure.ModelFailed(OTHER_ROWS.formatted(rows, rows))));
        } else {
            complete();
        }
        calls.forEach(Call::settle);
    }

    private void complete() {
        long ended = version.now();
        long answerAt = answered ? firstAnswer : ended;
        RunTimes times = new RunTimes(started - began, answerAt - started, ended - answerAt);
        version.ran(rows, bytes, ended, times);
        calls.forEach(call -> call.complete(began, times, rows));
    }

    private static boolean mayBeOfOneCall(Failure failure) {
        return switch (failure) {
            case Failure.BadInput _, Failure.ModelFailed _, Failure.TooLarge _, Failure.Overloaded _ -> true;
            case Failure.ModelNotFound _,
                    Failure.VersionNotFound _,
                    Failure.NotReady _,
                    Failure.Unsupported _,
                    Failure.DeadlineExceeded _,
                    Failure.Cancelled _,
                    Failure.Unauthenticated _,
                    Failure.Forbidden _,
                    Failure.Conflict _,
                    Failure.InsufficientStorage _,
                    Failure.Internal _ -> false;
        };
    }

    @Override
    public boolean awaitDemand() {
        return !cancellation.cancelled();
    }

    @Override
    public void next(List<NamedTensor> outputs) {
        long now = version.now();
        if (calls.size() == 1) {
            first(now);
            answer(calls.getFirst(), outputs, now);
            return;
        }
        if (misshapen || !Batch.haveRows(outputs, rows)) {
            misshapen = true;
            version.cannotBatch(OTHER_ROWS.formatted(rows, rows));
            NamedTensor.closeAll(outputs);
            return;
        }
        first(now);
        long row = 0;
        for (Call call : calls) {
            long own = call.admission().rows();
            if (!call.reply().closed()) {
                answer(call, Batch.rows(outputs, row, own), now);
            }
            row += own;
        }
        NamedTensor.closeAll(outputs);
    }

    private void first(long now) {
        if (!answered) {
            answered = true;
            firstAnswer = now;
        }
    }

    private void answer(Call call, List<NamedTensor> outputs, long now) {
        long queued = began - call.admission().arrived();
        call.reply()
                .next(new InferenceResponse(
                        version.model(),
                        version.version(),
                        call.request().id(),
                        outputs,
                        Map.of(),
                        new InferenceResponse.Timing(queued, now - started, rows)));
    }
}
