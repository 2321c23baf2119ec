package dev.slipway.serving;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The machine's time, with one thread for what is to happen later. */
final class SystemTimer implements Timer {

    private final ScheduledThreadPoolExecutor later;

    SystemTimer() {
        later = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("slipway-timer").daemon(true).factory());
        later.setRemoveOnCancelPolicy(true);
        later.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long currentTimeMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public Alarm at(long nanoTime, Runnable task) {
        try {
            ScheduledFuture<?> alarm = later.schedule(task, nanoTime - System.nanoTime(), TimeUnit.NANOSECONDS);
            return () -> alarm.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    @Override
    public void close() {
        later.shutdownNow();
    }
}
