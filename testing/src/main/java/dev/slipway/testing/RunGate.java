package dev.slipway.testing;

import dev.slipway.core.Cancellation;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A gate that a test closes before runs and opens again. */
final class RunGate {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean shut;
    private int held;

    void hold() {
        set(true);
    }

    void release() {
        set(false);
    }

    private void set(boolean shut) {
        lock.lock();
        try {
            this.shut = shut;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int held() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }

    void awaitHeld(int runs) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(10);
            while (held < runs) {
                if (left <= 0) {
                    throw new AssertionError(held + " runs are held, " + runs + " expected");
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits while the gate is shut, or until the cancellation unless {@code deaf}. */
    void pass(Cancellation cancellation, boolean deaf) {
        Runnable wake = this::wake;
        cancellation.onCancel(wake);
        lock.lock();
        try {
            held++;
            changed.signalAll();
            while (shut && (deaf || !cancellation.cancelled())) {
                changed.awaitUninterruptibly();
            }
        } finally {
            held--;
            lock.unlock();
            cancellation.remove(wake);
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
