package dev.slipway.verify.stress;

import dev.slipway.core.ByteBudget;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZJ_Result;

/** Nobody is refused for what somebody else was refused. */
public class ByteBudgetStress {

    /** A part that fits beside one that never does. */
    @JCStressTest
    @Outcome(id = "true, false, 1", expect = Expect.ACCEPTABLE, desc = "what fits is had, what does not is not")
    @State
    public static class FittingBesideTooMuch {
        private final ByteBudget budget = new ByteBudget(10);

        @Actor
        public void fits(ZZJ_Result r) {
            r.r1 = budget.tryTake(1);
        }

        @Actor
        public void isTooMuch(ZZJ_Result r) {
            r.r2 = budget.tryTake(20);
        }

        @Arbiter
        public void end(ZZJ_Result r) {
            r.r3 = budget.held();
        }
    }

    /** A part beyond the limit, which is had alone, and one that fits. */
    @JCStressTest
    @Outcome(id = "true, false, 1", expect = Expect.ACCEPTABLE, desc = "the small one was there first")
    @Outcome(id = "false, true, 20", expect = Expect.ACCEPTABLE, desc = "the large one was there first")
    @State
    public static class FittingBesideAlone {
        private final ByteBudget budget = new ByteBudget(10);

        @Actor
        public void fits(ZZJ_Result r) {
            r.r1 = budget.tryTake(1);
        }

        @Actor
        public void isHadAlone(ZZJ_Result r) {
            r.r2 = budget.tryTakeAlone(20);
        }

        @Arbiter
        public void end(ZZJ_Result r) {
            r.r3 = budget.held();
        }
    }

    /** Two parts of which one fits, and what they take goes back. */
    @JCStressTest
    @Outcome(id = "true, true, 0", expect = Expect.ACCEPTABLE, desc = "one after the other")
    @Outcome(
            id = {"true, false, 0", "false, true, 0"},
            expect = Expect.ACCEPTABLE,
            desc = "one of them")
    @State
    public static class EitherOfTwo {
        private final ByteBudget budget = new ByteBudget(10);

        private boolean take() {
            boolean taken = budget.tryTake(6);
            if (taken) {
                budget.giveBack(6);
            }
            return taken;
        }

        @Actor
        public void one(ZZJ_Result r) {
            r.r1 = take();
        }

        @Actor
        public void other(ZZJ_Result r) {
            r.r2 = take();
        }

        @Arbiter
        public void end(ZZJ_Result r) {
            r.r3 = budget.held();
        }
    }
}
