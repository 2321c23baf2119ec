package dev.slipway.serving;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Claims;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Manifest;
import dev.slipway.core.spi.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The loads that are under way: some at a time, each beside the traffic, all ended with the server. */
final class Loads {

    /** Trials run models, and leave most of the machine to the requests. */
    private static final int TRIALS_AT_ONCE = 2;

    private final ServingConfig config;
    private final Timer timer;
    private final ModelMemory memory;
    private final ServingObserver observer;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Claims underWay = new Claims(ended::countDown);
    private final Set<Cancellation> cancellations = ConcurrentHashMap.newKeySet();
    private final Semaphore slots;
    private final Semaphore trials = new Semaphore(TRIALS_AT_ONCE, true);

    Loads(ServingConfig config, Timer timer, ModelMemory memory, ServingObserver observer) {
        this.config = config;
        this.timer = timer;
        this.memory = memory;
        this.observer = observer;
        this.slots = new Semaphore(Math.max(4, 2 * config.cores()), true);
    }

    /** Does a load's work on a thread of its own, which may block. */
    void begin(ServedVersion version, Runnable work) {
        Thread.ofVirtual()
                .name("slipway-coming-" + version.model() + "-" + version.version())
                .start(work);
    }

    /** How much memory opening a version will take, as far as its files tell. */
    long foreseen(ServedVersion version, Path folder) {
        Manifest.Checks checks = version.manifest().checks();
        try (Stream<Path> files = Files.walk(folder)) {
            long bytes = files.filter(Files::isRegularFile)
                    .filter(file -> {
                        String name = folder.relativize(file).toString();
                        return !name.equals(checks.golden())
                                && (checks.accuracy() == null
                                        || !name.equals(checks.accuracy().data()));
                    })
                    .mapToLong(file -> file.toFile().length())
                    .sum();
            return version.runtime().memory(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits until a seat is granted.
     *
     * @throws FailureException why it is not, or not in time
     */
    void await(Seat seat, Cancellation cancellation) {
        Timer.Alarm watch = timer.at(timer.nanoTime() + config.drainPatience().toNanos(), () -> memory.giveUp(seat));
        Runnable stop = () -> memory.giveUp(seat, Objects.requireNonNull(cancellation.reason()));
        cancellation.onCancel(stop);
        try {
            memory.want(seat);
            if (cancellation.cancelled()) {
                stop.run();
            }
            seat.granted().join();
        } catch (CompletionException e) {
            throw new FailureException(FailureException.of(e), e.getCause());
        } finally {
            watch.cancel();
            cancellation.remove(stop);
        }
    }

    /**
     * Opens a version's session.
     *
     * @throws FailureException what the engine says of the file
     */
    Session open(ServedVersion version, Path folder, Cancellation cancellation) {
        slots.acquireUninterruptibly();
        try {
            if (!underWay.tryClaim()) {
                throw new FailureException(shuttingDown());
            }
            cancellations.add(cancellation);
            try {
                long began = timer.nanoTime();
                Session session = opened(version, folder, cancellation);
                observer.loaded(version.model(), version.version(), timer.nanoTime() - began);
                return session;
            } finally {
                cancellations.remove(cancellation);
                underWay.release();
            }
        } finally {
            slots.release();
        }
    }

    private Session opened(ServedVersion version, Path folder, Cancellation cancellation) {
        Session session = new Opening(version, folder, underWay, cancellation).open(timer, config.loadPatience());
        try {
            Contradiction.refuse(version.signature(), session.signature());
            version.opened(session);
            return session;
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    /** Tries a version out that has come into memory for the first time. */
    void tryOut(ServedVersion version) {
        if (version.triedOut()) {
            return;
        }
        trials.acquireUninterruptibly();
        try {
            if (underWay.closed()) {
                throw new FailureException(shuttingDown());
            }
            version.tryOut();
        } finally {
            trials.release();
        }
    }

    /** Has work end with the server that is no load. */
    void watch(Cancellation work) {
        cancellations.add(work);
        if (underWay.closed()) {
            work.cancel(shuttingDown());
        }
    }

    void forget(Cancellation work) {
        cancellations.remove(work);
    }

    static Failure shuttingDown() {
        return new Failure.NotReady("the server is shutting down");
    }

    /** Refuses loads and trials from now on, and ends those under way. */
    void close() {
        underWay.close();
        cancellations.forEach(load -> load.cancel(shuttingDown()));
    }

    /** How many engines still open a model. */
    long count() {
        return underWay.count();
    }

    /** Waits until none is under way; false when {@code patience} was over before. */
    boolean awaitEnd(Duration patience) {
        try {
            return ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
