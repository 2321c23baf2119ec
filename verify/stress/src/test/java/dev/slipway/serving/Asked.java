package dev.slipway.serving;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataType;
import dev.slipway.core.Deadline;
import dev.slipway.core.Failure;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelRef;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.ResponseSink;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A request for the double of a number, and what its caller hears. */
final class Asked implements ResponseSink {

    /** The right answer, and then the end. */
    static final int ANSWERED = 1;

    /** A failure that is the cancellation's or the deadline's, without an answer before it. */
    static final int ENDED_EARLY = 2;

    /** The right answer, and a failure after it: it was given up between the two. */
    static final int ENDED_AFTER_THE_ANSWER = 3;

    static final int NOTHING = 8;
    static final int WRONG = 9;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final float number;
    private final InferenceRequest request;
    private final AtomicInteger givenBack = new AtomicInteger();
    private final AtomicInteger right = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();
    private final AtomicInteger completed = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    Asked(float number) {
        this(number, null);
    }

    Asked(float number, @Nullable Deadline deadline) {
        this.number = number;
        Tensor x = Tensor.of(DataType.FP32, Shape.of(1, 1), MemorySegment.ofArray(new byte[Float.BYTES]));
        x.data().set(JAVA_FLOAT_UNALIGNED, 0, number);
        this.request = new InferenceRequest(
                ModelRef.of(StressedVersion.MODEL),
                "",
                List.of(new NamedTensor("x", new TensorLease(x, givenBack::incrementAndGet))),
                List.of(),
                deadline,
                Map.of(),
                null,
                new Cancellation());
    }

    InferenceRequest request() {
        return request;
    }

    /** The call that this is in a version's queue. */
    Call call(ServedVersion version) {
        long now = version.now();
        return new Call(
                version,
                new Admission(
                        request, request.inputs(), List.of("y"), 1, true, now, version.deadline(now, null), 0, false),
                new Reply(this));
    }

    void cancel() {
        request.cancellation().cancel(new Failure.Cancelled("the caller has gone"));
    }

    @Override
    public void next(InferenceResponse response) {
        try (response) {
            float answer = response.outputs().getFirst().tensor().data().getAtIndex(JAVA_FLOAT_UNALIGNED, 0);
            (answer == 2 * number && ended() == 0 ? right : wrong).incrementAndGet();
        }
    }

    private int ended() {
        return completed.get() + failed.get();
    }

    @Override
    public void complete() {
        completed.incrementAndGet();
    }

    @Override
    public void fail(Failure failure) {
        boolean early = failure instanceof Failure.Cancelled || failure instanceof Failure.DeadlineExceeded;
        (early ? failed : wrong).incrementAndGet();
    }

    /** How often its inputs have been given back, after waiting for the first time. */
    int givenBack() {
        await(givenBack);
        return givenBack.get();
    }

    /** What the caller has heard, after waiting for an end. */
    int heard() {
        await(() -> ended() > 0 || wrong.get() > 0);
        if (wrong.get() > 0 || ended() > 1 || right.get() > 1) {
            return WRONG;
        }
        if (ended() == 0) {
            return NOTHING;
        }
        if (completed.get() == 1) {
            return right.get() == 1 ? ANSWERED : WRONG;
        }
        return right.get() == 1 ? ENDED_AFTER_THE_ANSWER : ENDED_EARLY;
    }

    /** Waits until a count is no longer 0, for so long that only a lost one makes it give up. */
    static void await(AtomicInteger count) {
        await(() -> count.get() != 0);
    }

    /** The same until a count is 0. */
    static void awaitZero(AtomicInteger count) {
        await(() -> count.get() == 0);
    }

    private static void await(BooleanSupplier wanted) {
        long begun = System.nanoTime();
        while (!wanted.getAsBoolean() && System.nanoTime() - begun < PATIENCE_NANOS) {
            Thread.onSpinWait();
        }
    }
}
