package dev.slipway.bench;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** Requests that become due as in a Poisson process, dealt to the lanes in turn. */
final class Arrivals {

    private final double rate;
    private final List<Lane> lanes;
    private final RandomGenerator random;

    Arrivals(double rate, List<Lane> lanes, RandomGenerator random) {
        this.rate = rate;
        this.lanes = lanes;
        this.random = random;
    }

    /**
     * Lets requests arrive from now until the span ends.
     *
     * @throws InterruptedException when this thread is interrupted
     */
    void run(Span span) throws InterruptedException {
        int lane = 0;
        long due = System.nanoTime();
        while (due - span.until() < 0) {
            for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
                LockSupport.parkNanos(early);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            lanes.get(lane).arrive(due);
            lane = lane + 1 == lanes.size() ? 0 : lane + 1;
            due += (long) (random.nextExponential() / rate * 1e9);
        }
    }
}
