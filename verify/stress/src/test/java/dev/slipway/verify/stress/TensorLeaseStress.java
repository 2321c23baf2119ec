package dev.slipway.verify.stress;

import dev.slipway.core.DataType;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Memory goes back once, after the last claim on it. */
public class TensorLeaseStress {

    private static final Tensor PAIR = Tensor.of(DataType.FP32, Shape.of(2, 1), MemorySegment.ofArray(new byte[8]));

    /** Two views and the lease itself are given back at the same time. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "given back once")
    @State
    public static class ViewsAndTheirLease {
        private final AtomicInteger released = new AtomicInteger();
        private final TensorLease lease = new TensorLease(PAIR, released::incrementAndGet);
        private final TensorLease first = lease.view(PAIR.rows(0, 1));
        private final TensorLease second = lease.view(PAIR.rows(1, 1));

        @Actor
        public void wholeAndFirstRow() {
            lease.close();
            first.close();
        }

        @Actor
        public void secondRow() {
            second.close();
        }

        @Arbiter
        public void end(I_Result r) {
            r.r1 = released.get();
        }
    }

    /** A view is taken while the last claim may be given back. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "a view, during which the memory was there")
    @Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "too late for a view")
    @State
    public static class ViewAgainstTheLastClose {
        private final AtomicInteger released = new AtomicInteger();
        private final TensorLease lease = new TensorLease(PAIR, released::incrementAndGet);

        @Actor
        public void views(II_Result r) {
            try (TensorLease _ = lease.view(PAIR.rows(0, 1))) {
                r.r1 = released.get() == 0 ? 1 : 9;
            } catch (IllegalStateException e) {
                r.r1 = 2;
            }
        }

        @Actor
        public void closes() {
            lease.close();
        }

        @Arbiter
        public void end(II_Result r) {
            r.r2 = released.get();
        }
    }
}
