package dev.slipway.serving;

import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ResponseSink;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A caller hears one end, counted once, nothing after it, and never two things at once. */
public class ReplyStress {

    private static final Failure GONE = new Failure.Cancelled("the caller has gone");
    private static final Failure LATE = new Failure.DeadlineExceeded("too late");
    private static final InferenceResponse ANSWER = new InferenceResponse(
            StressedVersion.MODEL, 1, "", List.of(), Map.of(), new InferenceResponse.Timing(0, 0, 1));

    /** Who hears, and counts what is against the rules. */
    abstract static class Heard implements ResponseSink {
        final Reply reply = new Reply(this);
        final AtomicInteger counted = new AtomicInteger();
        private final AtomicInteger speaking = new AtomicInteger();
        private final AtomicInteger ends = new AtomicInteger();
        private final AtomicInteger broken = new AtomicInteger();

        @Override
        public void next(InferenceResponse response) {
            speak(0);
        }

        @Override
        public void complete() {
            speak(1);
        }

        @Override
        public void fail(Failure failure) {
            speak(1);
        }

        private void speak(int end) {
            if (speaking.getAndIncrement() != 0 || ends.getAndAdd(end) != 0) {
                broken.incrementAndGet();
            }
            speaking.decrementAndGet();
        }

        void count() {
            counted.incrementAndGet();
        }

        void end(III_Result r) {
            r.r3 = broken.get() == 0 ? ends.get() : 9;
        }
    }

    /** An answer and its end against a failure that comes twice. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "one ended it, counted once, heard once")
    @State
    public static class CompleteAgainstFailure extends Heard {
        private final AtomicInteger ended = new AtomicInteger();

        @Actor
        public void answers() {
            reply.next(ANSWER);
            ended.addAndGet(reply.complete(this::count) ? 1 : 0);
        }

        @Actor
        public void failsTwice() {
            ended.addAndGet(reply.fail(GONE, this::count) ? 1 : 0);
            ended.addAndGet(reply.fail(LATE, this::count) ? 1 : 0);
        }

        @Arbiter
        @Override
        public void end(III_Result r) {
            super.end(r);
            r.r1 = ended.get();
            r.r2 = counted.get();
        }
    }

    /** Two fail it for reasons of their own. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "one ended it, counted once, heard once")
    @State
    public static class FailureAgainstFailure extends Heard {
        private final AtomicInteger ended = new AtomicInteger();

        @Actor
        public void fails() {
            ended.addAndGet(reply.fail(GONE, this::count) ? 1 : 0);
        }

        @Actor
        public void failsToo() {
            ended.addAndGet(reply.fail(LATE, this::count) ? 1 : 0);
        }

        @Arbiter
        @Override
        public void end(III_Result r) {
            super.end(r);
            r.r1 = ended.get();
            r.r2 = counted.get();
        }
    }

    /** Several answers against one failure, which nobody may swallow. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "failed, whichever answer it met")
    @State
    public static class AnswersAgainstFailure extends Heard {

        @Actor
        public void answers() {
            reply.next(ANSWER);
            reply.next(ANSWER);
        }

        @Actor
        public void fails(III_Result r) {
            r.r1 = reply.fail(GONE, this::count) ? 1 : 0;
        }

        @Arbiter
        @Override
        public void end(III_Result r) {
            super.end(r);
            r.r2 = counted.get();
        }
    }
}
