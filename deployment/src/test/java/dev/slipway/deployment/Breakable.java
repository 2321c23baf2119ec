package dev.slipway.deployment;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Counts the steps of the rooms below, and breaks at the one that a test names. */
final class Breakable {

    /** A step that may break. */
    enum Step {
        STORE,
        LAY_OUT,
        OPEN,
        COMMIT,
        COMMITTED,
        READ
    }

    private final List<Step> steps = new CopyOnWriteArrayList<>();
    private volatile Step broken;
    private volatile Step full;
    private volatile Error error;
    private volatile CountDownLatch held;
    private final CountDownLatch reached = new CountDownLatch(1);

    void breakAt(Step step) {
        broken = step;
    }

    /** The same by an error of the machine, not a failure that was foreseen. */
    void breakAt(Step step, Error by) {
        error = by;
        broken = step;
    }

    /** The same by a disk that is full. */
    void fillAt(Step step) {
        full = step;
    }

    void mend() {
        broken = null;
        full = null;
        error = null;
    }

    /** Makes the next open wait until {@link #release}. */
    void hold() {
        held = new CountDownLatch(1);
    }

    void awaitHeld() throws InterruptedException {
        reached.await();
    }

    void release() {
        held.countDown();
    }

    long count(Step step) {
        return steps.stream().filter(step::equals).count();
    }

    /** Reaches a step that writes to the disk. */
    void write(Step step) throws IOException {
        reach(step);
        if (step == full) {
            throw new IOException("No space left on device");
        }
    }

    void reach(Step step) {
        steps.add(step);
        CountDownLatch latch = held;
        if (step == Step.OPEN && latch != null) {
            reached.countDown();
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (step == broken) {
            Error by = error;
            if (by != null) {
                throw by;
            }
            throw new FailureException(new Failure.Internal("broken at " + step));
        }
    }
}
