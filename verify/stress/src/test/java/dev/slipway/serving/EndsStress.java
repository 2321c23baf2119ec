package dev.slipway.serving;

import dev.slipway.core.Deadline;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Requests to a version that batches: each has exactly one end, its inputs are given back once, and who shares a run
 * with one that goes is answered.
 */
public class EndsStress {

    private static final StressedVersion VERSION = new StressedVersion(StressedVersion.settings());
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static float number() {
        return NUMBERS.incrementAndGet() % 10_000;
    }

    /** A request is cancelled while it waits, runs or is answered. */
    @JCStressTest
    @Outcome(
            id = {"1, 1", "2, 1", "3, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "answered or cancelled, once")
    @State
    public static class AnswerAgainstCancel {
        private final Asked asked = new Asked(number());

        @Actor
        public void sends() {
            VERSION.send(asked);
        }

        @Actor
        public void cancels() {
            asked.cancel();
        }

        @Arbiter
        public void end(II_Result r) {
            r.r1 = asked.heard();
            r.r2 = asked.givenBack();
        }
    }

    /** Cancelled from two sides, one of which is its deadline's. */
    @JCStressTest
    @Outcome(
            id = {"1, 1", "2, 1", "3, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "answered, cancelled or too late, once")
    @State
    public static class AnswerAgainstCancelAndDeadline {
        private final Asked asked = new Asked(number(), new Deadline(System.nanoTime() + 200_000));

        @Actor
        public void sends() {
            VERSION.send(asked);
        }

        @Actor
        public void cancels() {
            asked.cancel();
        }

        @Arbiter
        public void end(II_Result r) {
            r.r1 = asked.heard();
            r.r2 = asked.givenBack();
        }
    }

    /** Two requests come at once, and the caller of one goes. */
    @JCStressTest
    @Outcome(
            id = {"1, 1, 1, 1", "1, 2, 1, 1", "1, 3, 1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "the other one is answered in any case")
    @State
    public static class SharedRunThatOneLeaves {
        private final Asked stays = new Asked(number());
        private final Asked goes = new Asked(number());

        @Actor
        public void sends() {
            VERSION.send(stays);
        }

        @Actor
        public void sendsAndCancels() {
            VERSION.send(goes, goes::cancel);
        }

        @Arbiter
        public void end(IIII_Result r) {
            r.r1 = stays.heard();
            r.r2 = goes.heard();
            r.r3 = stays.givenBack();
            r.r4 = goes.givenBack();
        }
    }
}
