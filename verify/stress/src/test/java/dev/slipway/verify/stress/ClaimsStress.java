package dev.slipway.verify.stress;

import dev.slipway.core.Claims;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Departure comes once, after the last claim, whoever claims, releases and closes at the same time. */
public class ClaimsStress {

    /** Somebody claims and leaves while it is closed. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "refused, departed once")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "claimed; departed once, and not meanwhile")
    @State
    public static class ClaimAgainstClose {
        private final AtomicInteger departed = new AtomicInteger();
        private final Claims claims = new Claims(departed::incrementAndGet);

        @Actor
        public void claims(II_Result r) {
            if (claims.tryClaim()) {
                r.r1 = departed.get() == 0 ? 1 : 9;
                claims.release();
            }
        }

        @Actor
        public void closes() {
            boolean _ = claims.close();
        }

        @Arbiter
        public void end(II_Result r) {
            r.r2 = departed.get();
        }
    }

    /** Two close it, of whom one was the first. */
    @JCStressTest
    @Outcome(
            id = {"1, 0, 1", "0, 1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "one closed it, departed once")
    @State
    public static class CloseTwice {
        private final AtomicInteger departed = new AtomicInteger();
        private final Claims claims = new Claims(departed::incrementAndGet);

        @Actor
        public void closes(III_Result r) {
            r.r1 = claims.close() ? 1 : 0;
        }

        @Actor
        public void closesToo(III_Result r) {
            r.r2 = claims.close() ? 1 : 0;
        }

        @Arbiter
        public void end(III_Result r) {
            r.r3 = departed.get();
        }
    }

    /** The last two leave, one of them after closing it. */
    @JCStressTest
    @Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "departed once, nobody is left or let in")
    @State
    public static class LastTwoAgainstClose {
        private final AtomicInteger departed = new AtomicInteger();
        private final Claims claims = new Claims(departed::incrementAndGet);

        public LastTwoAgainstClose() {
            for (int i = 0; i < 2; i++) {
                if (!claims.tryClaim()) {
                    throw new IllegalStateException("a fresh count refuses");
                }
            }
        }

        @Actor
        public void leaves() {
            claims.release();
        }

        @Actor
        public void closesAndLeaves() {
            boolean _ = claims.close();
            claims.release();
        }

        @Arbiter
        public void end(III_Result r) {
            r.r1 = departed.get();
            r.r2 = (int) claims.count();
            r.r3 = claims.tryClaim() ? 1 : 0;
        }
    }
}
