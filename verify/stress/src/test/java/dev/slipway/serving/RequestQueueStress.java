package dev.slipway.serving;

import dev.slipway.core.ByteBudget;
import dev.slipway.core.QueueSettings;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** The queue loses nothing and gives nothing twice, and its counts and its budget follow. */
public class RequestQueueStress {

    private static final StressedVersion VERSION = new StressedVersion(StressedVersion.settings());

    /** A queue of room for four, with calls of four bytes each. */
    abstract static class Queued {
        final ByteBudget budget = new ByteBudget(16);
        final RequestQueue queue = new RequestQueue(QueueSettings.of(4), budget);
        final Call first = call(1);
        final Call second = call(2);

        static Call call(float number) {
            return new Asked(number).call(VERSION.version());
        }

        void offer(Call call) {
            if (queue.offer(call) != RequestQueue.Offer.ACCEPTED) {
                throw new IllegalStateException("a queue with room refuses");
            }
        }

        /** What is left must be what the counts say; takes it out and says how much it was, or 90 and more if not. */
        int drained() {
            int size = queue.size();
            boolean counted = queue.rows() == size
                    && budget.held() == 4L * size
                    && queue.all().size() == size;
            int left = queue.take(100).size();
            boolean empty =
                    queue.size() == 0 && queue.rows() == 0 && budget.held() == 0 && queue.waitingSince() == null;
            return counted && empty && left == size ? left : 90 + left;
        }
    }

    /** A run takes while one more comes, and then another run does. */
    @JCStressTest
    @Outcome(
            id = {"3, 0, 0", "0, 3, 0"},
            expect = Expect.ACCEPTABLE,
            desc = "one took all")
    @Outcome(id = "2, 1, 0", expect = Expect.ACCEPTABLE, desc = "the late one went to the other")
    @State
    public static class OfferAgainstTakes extends Queued {
        private final Call late = call(3);

        public OfferAgainstTakes() {
            offer(first);
            offer(second);
        }

        @Actor
        public void takes(III_Result r) {
            r.r1 = queue.take(8).size();
        }

        @Actor
        public void offersAndTakes(III_Result r) {
            offer(late);
            r.r2 = queue.take(8).size();
        }

        @Arbiter
        public void end(III_Result r) {
            r.r3 = drained();
        }
    }

    /** A call is delayed and the one before it given up, while a run takes both. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "given up before; the run has the other")
    @Outcome(id = "0, 2, 0", expect = Expect.ACCEPTABLE, desc = "the run has both")
    @State
    public static class RemoveAgainstTakeAndDelay extends Queued {

        public RemoveAgainstTakeAndDelay() {
            offer(first);
            offer(second);
        }

        @Actor
        public void delaysAndGivesUp(III_Result r) {
            queue.delay(second);
            r.r1 = queue.remove(first) ? 1 : 0;
        }

        @Actor
        public void takes(III_Result r) {
            List<Call> taken = queue.take(8);
            r.r2 = taken.contains(second) ? taken.size() : 50 + taken.size();
        }

        @Arbiter
        public void end(III_Result r) {
            r.r3 = drained();
        }
    }

    /** A call is given up by two at once, while another is offered behind it. */
    @JCStressTest
    @Outcome(
            id = {"1, 0, 1", "0, 1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "one of them took it out")
    @State
    public static class RemoveTwice extends Queued {

        public RemoveTwice() {
            offer(first);
        }

        @Actor
        public void givesUp(III_Result r) {
            r.r1 = queue.remove(first) ? 1 : 0;
        }

        @Actor
        public void givesUpAndOffers(III_Result r) {
            r.r2 = queue.remove(first) ? 1 : 0;
            offer(second);
        }

        @Arbiter
        public void end(III_Result r) {
            r.r3 = drained();
        }
    }

    /** Two queues share a budget in which one call has room. */
    @JCStressTest
    @Outcome(
            id = {"1, 0, 0", "0, 1, 0"},
            expect = Expect.ACCEPTABLE,
            desc = "one waits, the other is refused")
    @State
    public static class QueuesThatShareABudget extends Queued {
        private final ByteBudget small = new ByteBudget(5);
        private final RequestQueue one = new RequestQueue(QueueSettings.of(4), small);
        private final RequestQueue other = new RequestQueue(QueueSettings.of(4), small);

        @Actor
        public void offers(III_Result r) {
            r.r1 = one.offer(first) == RequestQueue.Offer.ACCEPTED ? 1 : 0;
        }

        @Actor
        public void offersToo(III_Result r) {
            r.r2 = other.offer(second) == RequestQueue.Offer.ACCEPTED ? 1 : 0;
        }

        @Arbiter
        public void end(III_Result r) {
            int waiting = one.take(8).size() + other.take(8).size();
            r.r3 = waiting == 1 && small.held() == 0 ? 0 : 9;
        }
    }
}
