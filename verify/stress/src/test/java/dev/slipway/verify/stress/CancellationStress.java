package dev.slipway.verify.stress;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Failure;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Whoever listens hears of a cancellation once, however late it began to listen. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "heard once")
@State
public class CancellationStress {

    private final AtomicInteger heard = new AtomicInteger();
    private final Cancellation cancellation = new Cancellation();

    @Actor
    public void listens() {
        cancellation.onCancel(heard::incrementAndGet);
    }

    @Actor
    public void cancelsTwice() {
        cancellation.cancel(new Failure.Cancelled("by one"));
        cancellation.cancel(new Failure.Cancelled("by another"));
    }

    @Arbiter
    public void end(I_Result r) {
        r.r1 = heard.get();
    }
}
