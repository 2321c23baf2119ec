package dev.slipway.serving;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** An alarm that nobody cancels goes off, once, whatever is set and cancelled beside it. */
public class SystemTimerStress {

    /** A wheel so small that alarms of many states share a slot. */
    private static final SystemTimer TIMER = new SystemTimer(4);

    /** Two are cancelled as they become due, by two threads each, between others that stay. */
    @JCStressTest
    @Outcome(
            id = {"1, 0, 1", "1, 1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "who stays rings; who is cancelled, at most once")
    @State
    public static class CancelAgainstRing {
        private final AtomicInteger before = new AtomicInteger();
        private final AtomicInteger cancelled = new AtomicInteger();
        private final AtomicInteger behind = new AtomicInteger();
        private final Timer.Alarm alarm;

        public CancelAgainstRing() {
            long soon = TIMER.nanoTime() + 300_000;
            var _ = TIMER.at(soon, before::incrementAndGet);
            alarm = TIMER.at(soon, cancelled::incrementAndGet);
            var _ = TIMER.at(soon, behind::incrementAndGet);
        }

        @Actor
        public void cancels() {
            alarm.cancel();
        }

        @Actor
        public void cancelsToo() {
            alarm.cancel();
        }

        @Arbiter
        public void end(III_Result r) {
            Asked.await(before);
            Asked.await(behind);
            r.r1 = before.get();
            r.r2 = cancelled.get();
            r.r3 = behind.get();
        }
    }

    /** Alarms are set at once, as the wheel, which may sleep, turns past their slot. */
    @JCStressTest
    @Outcome(
            id = {"1, 1, 0", "1, 1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "both ring, though a third is taken back")
    @State
    public static class SetAgainstTurn {
        private final AtomicInteger one = new AtomicInteger();
        private final AtomicInteger other = new AtomicInteger();
        private final AtomicInteger third = new AtomicInteger();

        @Actor
        public void sets() {
            var _ = TIMER.at(TIMER.nanoTime(), one::incrementAndGet);
        }

        @Actor
        public void setsTwoAndCancelsOne() {
            var _ = TIMER.at(TIMER.nanoTime() - 1_000_000_000, other::incrementAndGet);
            TIMER.at(TIMER.nanoTime(), third::incrementAndGet).cancel();
        }

        @Arbiter
        public void end(III_Result r) {
            Asked.await(one);
            Asked.await(other);
            r.r1 = one.get();
            r.r2 = other.get();
            r.r3 = third.get();
        }
    }
}
