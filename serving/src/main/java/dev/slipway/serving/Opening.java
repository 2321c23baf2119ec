package dev.slipway.serving;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Claims;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.spi.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The opening of a version's session on a thread of its own, so that a model which keeps its engine busy for ever holds
 * up that thread alone, until the engine notices. A session that comes too late is closed.
 */
final class Opening {

    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

    private final CompletableFuture<Session> session = new CompletableFuture<>();
    private final ServedVersion version;
    private final Path folder;
    private final Claims loads;
    private final Cancellation cancellation;

    /**
     * An opening that has not begun.
     *
     * @param folder with the version's files
     * @param loads has a claim of the caller's; the thread that opens has one of its own, as long as it runs
     */
    Opening(ServedVersion version, Path folder, Claims loads, Cancellation cancellation) {
        this.version = version;
        this.folder = folder;
        this.loads = loads;
        this.cancellation = cancellation;
    }

    /**
     * Opens a session; blocks.
     *
     * @throws FailureException what the engine says of the file, {@code DeadlineExceeded} when it is not done in time
     */
    Session open(Timer timer, Duration patience) {
        if (!loads.tryClaim()) {
            throw new FailureException(Loads.shuttingDown());
        }
        Timer.Alarm watch = timer.at(timer.nanoTime() + patience.toNanos(), () -> giveUp(patience));
        try {
            start();
            return session.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new FailureException(FailureException.of(e), e.getCause());
        } finally {
            watch.cancel();
        }
    }

    private void start() {
        try {
            Thread.ofPlatform()
                    .name("slipway-load-" + version.model() + "-" + version.version())
                    .daemon(true)
                    .start(this::run);
        } catch (OutOfMemoryError e) { // no thread can be had
            loads.release();
            throw e;
        }
    }

    private void run() {
        try {
            Session opened = version.runtime()
                    .open(folder.resolve(version.manifest().model()), version.inEngine(), cancellation);
            if (!session.complete(opened)) {
                opened.close();
                ended("it was opened, too late");
            }
        } catch (Throwable e) { // whatever an engine throws, the caller is answered
            if (!session.completeExceptionally(e)) {
                ended(e.toString());
            }
        } finally {
            loads.release();
        }
    }

    private void ended(String how) {
        LOG.warn("the load of {} that was given up has ended: {}", version.label(), how);
    }

    private void giveUp(Duration patience) {
        Failure late = new Failure.DeadlineExceeded(version.label() + " was not loaded within " + patience.toSeconds()
                + " s and is given up; with the setting optimization 'none' an engine has less to compute beforehand");
        session.completeExceptionally(new FailureException(late));
        cancellation.cancel(late);
    }
}
