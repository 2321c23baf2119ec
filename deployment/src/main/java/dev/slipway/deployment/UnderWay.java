package dev.slipway.deployment;

import dev.slipway.core.Claims;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The work that uses the registry and the model server, so that these are closed after the last of it. */
final class UnderWay {

    static final Failure SHUTTING_DOWN = new Failure.NotReady("the server is shutting down");

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Claims work = new Claims(ended::countDown);

    /** Does a piece of it; refuses with {@link Failure.NotReady} once closed. */
    <T> T get(Supplier<T> piece) {
        if (!work.tryClaim()) {
            throw new FailureException(SHUTTING_DOWN);
        }
        try {
            return piece.get();
        } finally {
            work.release();
        }
    }

    /** The same for what gives nothing. */
    void run(Runnable piece) {
        Runnable _ = get(() -> {
            piece.run();
            return piece;
        });
    }

    /** Threads for what nobody waits for; what they come to once this is closed is left. */
    Executor inBackground(Executor threads) {
        return piece -> threads.execute(() -> {
            if (work.tryClaim()) {
                try {
                    piece.run();
                } finally {
                    work.release();
                }
            }
        });
    }

    /** Begins no more work. */
    void close() {
        work.close();
    }

    boolean closed() {
        return work.closed();
    }

    /**
     * Waits for the last of it.
     *
     * @throws IllegalStateException when {@code patience} was over before
     */
    void awaitEnd(Duration patience) throws InterruptedException {
        if (!ended.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException(
                    work.count() + " changes of models have not ended within " + patience.toSeconds() + " s");
        }
    }
}
