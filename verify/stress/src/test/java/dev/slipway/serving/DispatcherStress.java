package dev.slipway.serving;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** No work is left behind when it comes as a run ends, and a lane has never more runs than instances. */
public class DispatcherStress {

    private static final Dispatcher DISPATCHER = new Dispatcher(2, 3);
    private static final ActorLoops LOOPS = new ActorLoops();

    /** A lane of one instance whose jobs are brief. */
    abstract static class Working implements Dispatcher.Work {
        final Dispatcher.Lane lane = new Dispatcher.Lane(this, 1, 1);
        private final Visits visits = new Visits();
        private final AtomicInteger waiting = new AtomicInteger();
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicInteger tooMany = new AtomicInteger();
        private final AtomicInteger left;

        Working(int jobs) {
            this.left = new AtomicInteger(jobs);
        }

        void wake() {
            waiting.incrementAndGet();
            DISPATCHER.wake(lane);
        }

        /** As an event loop that has read brief work: it asks itself for a visit before others can see the work. */
        void read() {
            LOOPS.turn(() -> {
                visits.ask(Objects.requireNonNull(LOOPS.current()), () -> DISPATCHER.visit(lane));
                waiting.incrementAndGet();
            });
        }

        @Override
        public boolean visited() {
            return visits.expected();
        }

        @Override
        public Dispatcher.@Nullable Job take() {
            for (; ; ) {
                int now = waiting.get();
                if (now == 0) {
                    return null;
                }
                if (waiting.compareAndSet(now, now - 1)) {
                    return new Brief();
                }
            }
        }

        private final class Brief implements Dispatcher.Job {
            @Override
            public void run() {
                if (running.getAndIncrement() > 0) {
                    tooMany.incrementAndGet();
                }
                running.decrementAndGet();
                left.decrementAndGet();
            }

            @Override
            public void refuse() {
                tooMany.incrementAndGet();
            }

            @Override
            public boolean brief() {
                return true;
            }

            @Override
            public boolean lengthy() {
                return false;
            }
        }

        void end(II_Result r) {
            Asked.awaitZero(left);
            r.r1 = left.get();
            r.r2 = tooMany.get();
        }
    }

    /** Work is told of by two at once, while earlier work of theirs ends. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "all done, one at a time")
    @State
    public static class WakeAgainstEnd extends Working {

        public WakeAgainstEnd() {
            super(4);
        }

        @Actor
        public void wakes() {
            wake();
            wake();
        }

        @Actor
        public void wakesToo() {
            wake();
            wake();
        }

        @Arbiter
        @Override
        public void end(II_Result r) {
            super.end(r);
        }
    }

    /** An event loop comes for work of its own while other work runs and ends. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "all done, one at a time")
    @State
    public static class VisitAgainstEnd extends Working {

        public VisitAgainstEnd() {
            super(4);
        }

        @Actor
        public void reads() {
            read();
            read();
        }

        @Actor
        public void wakes() {
            wake();
            wake();
        }

        @Arbiter
        @Override
        public void end(II_Result r) {
            super.end(r);
        }
    }

    /** Two event loops come for work of the same lane. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "all done, one at a time")
    @State
    public static class VisitAgainstVisit extends Working {

        public VisitAgainstVisit() {
            super(4);
        }

        @Actor
        public void reads() {
            read();
            read();
        }

        @Actor
        public void readsToo() {
            read();
            read();
        }

        @Arbiter
        @Override
        public void end(II_Result r) {
            super.end(r);
        }
    }
}
