package dev.slipway.server;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Virtual threads for what would hold an event loop up. */
final class Workers {

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("blocking-", 0).factory());

    /**
     * Runs work beside its caller. Work may own what only it gives back, so that none is ever refused: after the stop
     * the caller does it itself.
     */
    void run(Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            work.run();
        }
    }

    /**
     * Interrupts what still runs, and waits for it to give back what it holds.
     *
     * @param patience the longest that it waits
     */
    void stop(Duration patience) throws InterruptedException {
        threads.shutdownNow();
        var _ = threads.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
