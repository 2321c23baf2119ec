package dev.slipway.serving;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/** Equal requests to a version that keeps its answers: whoever joins a run is answered, or was too late and has its own. */
public class EqualRequestsStress {

    private static final StressedVersion VERSION =
            new StressedVersion(StressedVersion.settings().withCache(true));
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /** More numbers than are kept, so that most are not known yet. */
    private static float number() {
        return NUMBERS.incrementAndGet() % 100_000;
    }

    /** One joins the run of the other while that is answered. */
    @JCStressTest
    @Outcome(id = "1, 1, 1, 1", expect = Expect.ACCEPTABLE, desc = "both answered once")
    @State
    public static class JoinAgainstCompletion {
        private final float number = number();
        private final Asked first = new Asked(number);
        private final Asked second = new Asked(number);

        @Actor
        public void sends() {
            VERSION.send(first);
        }

        @Actor
        public void sendsToo() {
            VERSION.send(second);
        }

        @Arbiter
        public void end(IIII_Result r) {
            r.r1 = first.heard();
            r.r2 = second.heard();
            r.r3 = first.givenBack();
            r.r4 = second.givenBack();
        }
    }

    /** One joins while the other, who may be the only one that waits for the run, leaves. */
    @JCStressTest
    @Outcome(
            id = {"1, 1, 1, 1", "2, 1, 1, 1", "3, 1, 1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "who stays is answered in any case")
    @State
    public static class JoinAgainstLastLeave {
        private final float number = number();
        private final Asked leaves = new Asked(number);
        private final Asked stays = new Asked(number);

        @Actor
        public void sendsAndCancels() {
            VERSION.send(leaves, leaves::cancel);
        }

        @Actor
        public void sends() {
            VERSION.send(stays);
        }

        @Arbiter
        public void end(IIII_Result r) {
            r.r1 = leaves.heard();
            r.r2 = stays.heard();
            r.r3 = leaves.givenBack();
            r.r4 = stays.givenBack();
        }
    }
}
