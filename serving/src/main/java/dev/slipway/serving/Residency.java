package dev.slipway.serving;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.spi.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a version is in memory. It comes when somebody needs it, in one load for all who wait, and goes when others
 * need its room. A load that failed is tried again at the next request, after a pause that doubles with each failure.
 */
final class Residency {

    private static final Logger LOG = LoggerFactory.getLogger(Residency.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 8;

    private final ServedVersion version;
    private final Shared shared;
    private final Runnable whenGone;
    private volatile Stay stay = Away.AWAY;
    private int underWay;
    private boolean gone;

    /** Where the version is; a departed one is away for good. */
    private sealed interface Stay {}

    private enum Away implements Stay {
        AWAY
    }

    /** It waits for room, or is being loaded; {@code failures} loads in a row have failed before. */
    private record Coming(Seat.Wish wish, CompletableFuture<Seat> arrival, Cancellation cancellation, int failures)
            implements Stay {}

    private record Here(Seat seat) implements Stay {}

    /** It could not be loaded, so many times in a row, and no request makes it come before {@code until}. */
    private record Failed(Failure why, long until, int times) implements Stay {}

    /** @param whenGone runs once it has departed and nothing of it is in memory */
    Residency(ServedVersion version, Shared shared, Runnable whenGone) {
        this.version = version;
        this.shared = shared;
        this.whenGone = whenGone;
    }

    VersionState state() {
        return switch (stay) {
            case Away _ -> VersionState.UNLOADED;
            case Coming _ -> VersionState.LOADING;
            case Here _ -> VersionState.READY;
            case Failed _ -> VersionState.FAILED;
        };
    }

    /** The seat, claimed for a run; null when the version is not in memory. */
    @Nullable
    Seat claim() {
        return stay instanceof Here(Seat seat) && seat.tryClaim(shared.timer().nanoTime()) ? seat : null;
    }

    /** Whether it is neither in memory nor on its way there. */
    boolean absent() {
        return switch (stay) {
            case Away _, Failed _ -> true;
            case Coming _, Here _ -> false;
        };
    }

    /** The bytes that it holds. */
    long bytes() {
        return stay instanceof Here(Seat seat) ? seat.bytes() : 0;
    }

    /** Why the last load failed; null when it did not. */
    @Nullable
    Failure failure() {
        return stay instanceof Failed(Failure why, long _, int _) ? why : null;
    }

    /** Why no request may wait for it now; null when one may. */
    @Nullable
    Failure refusal() {
        if (stay instanceof Failed(Failure why, long until, int _)) {
            long left = until - shared.timer().nanoTime();
            return left > 0 ? notLoaded(why, left) : null;
        }
        return null;
    }

    private Failure notLoaded(Failure why, long left) {
        return new Failure.NotReady(version.label() + " could not be loaded, and a request in "
                + Duration.ofNanos(left).plusMillis(999).toSeconds() + " s tries it again: " + why.detail());
    }

    /** Lets it come for the requests that wait for it, or refuses them; returns at once. */
    void need() {
        Failure refusal = refusal();
        if (refusal == null) {
            var _ = summon(Seat.Wish.MAKING_ROOM);
        } else {
            version.refuseWaiting(refusal);
        }
    }

    /**
     * Lets it come, unless it is here or on its way; returns at once.
     *
     * @return completed when it is in memory and tried out, exceptionally when it cannot be had
     */
    CompletableFuture<Seat> summon(Seat.Wish wish) {
        Coming coming;
        synchronized (this) {
            if (gone) {
                return CompletableFuture.failedFuture(new FailureException(version.notReady()));
            }
            switch (stay) {
                case Here(Seat seat) -> {
                    return CompletableFuture.completedFuture(seat);
                }
                case Coming already -> {
                    return already.arrival();
                }
                case Failed failed -> coming = coming(wish, failed.times());
                case Away _ -> coming = coming(wish, 0);
            }
            stay = coming;
            underWay++;
        }
        shared.loads().begin(version, () -> come(coming));
        return coming.arrival();
    }

    private static Coming coming(Seat.Wish wish, int failures) {
        return new Coming(wish, new CompletableFuture<>(), new Cancellation(), failures);
    }

    private void come(Coming coming) {
        Seat seat;
        try {
            seat = load(coming);
        } catch (RuntimeException | Error e) {
            failed(coming, null, e);
            end();
            return;
        }
        arrived(coming, seat);
    }

    private Seat load(Coming coming) {
        Path folder = version.source().folder().layOut();
        Seat seat = new Seat(version, shared.loads().foreseen(version, folder), coming.wish(), this::left);
        shared.loads().await(seat, coming.cancellation());
        try {
            Session session = shared.loads().open(version, folder, coming.cancellation());
            seat.take(session, shared.timer().nanoTime());
            return seat;
        } catch (RuntimeException | Error e) {
            shared.memory().freed(seat);
            throw e;
        }
    }

    /** It stays until it has been tried out: the trial has a claim on the seat. */
    private void arrived(Coming coming, Seat seat) {
        boolean wanted = seat.tryClaim(shared.timer().nanoTime());
        synchronized (this) {
            wanted &= coming.equals(stay);
            if (wanted) {
                stay = new Here(seat);
                underWay++; // the trial, which may outlive the stay
            }
        }
        if (!wanted) {
            seat.leave();
            seat.release();
            coming.arrival().completeExceptionally(new FailureException(version.notReady()));
            return;
        }
        shared.memory().look();
        version.arrived();
        try {
            shared.loads().tryOut(version);
        } catch (RuntimeException | Error e) {
            failed(coming, seat, e);
            end();
            return;
        }
        version.leave(seat);
        coming.arrival().complete(seat);
        end();
    }

    /** @param seat that it had come to and claimed, and goes from; null when it did not come so far */
    private void failed(Coming coming, @Nullable Seat seat, Throwable error) {
        Failure why = FailureException.of(error);
        boolean forWantOfRoom = why instanceof Failure.Overloaded || why instanceof Failure.NotReady;
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(coming.failures(), MOST_DOUBLINGS));
        List<Call> waiting = forWantOfRoom && !coming.wish().makesRoom() ? List.of() : version.waiting();
        synchronized (this) {
            if (stay.equals(coming) || (stay instanceof Here(Seat taken) && taken == seat)) {
                stay = forWantOfRoom
                        ? Away.AWAY
                        : new Failed(why, shared.timer().nanoTime() + pause.toNanos(), coming.failures() + 1);
            }
        }
        if (seat != null) {
            seat.leave();
            version.leave(seat);
        }
        coming.arrival().completeExceptionally(error);
        if (why instanceof Failure.Internal) {
            LOG.error("{} could not be loaded: {}", version.label(), why.detail(), error);
        } else if (!forWantOfRoom) {
            LOG.error("{} could not be loaded: {}", version.label(), why.detail());
        }
        Failure told = forWantOfRoom ? why : notLoaded(why, pause.toNanos());
        waiting.forEach(call -> call.abandon(told));
        if (version.waitedFor()) { // by requests that came meanwhile
            need();
        }
    }

    /** Leaves a seat for others; whoever waits for the version lets it come again. */
    void evict(Seat seat) {
        synchronized (this) {
            if (stay instanceof Here(Seat taken) && taken == seat) {
                stay = Away.AWAY;
            }
        }
        seat.leave();
    }

    /** Goes for good: nobody waits for it or runs it any more. */
    void depart() {
        Stay before;
        synchronized (this) {
            gone = true;
            before = stay;
            stay = Away.AWAY;
            underWay++;
        }
        switch (before) {
            case Coming coming -> coming.cancellation().cancel(version.notReady());
            case Here(Seat seat) -> seat.leave();
            case Away _, Failed _ -> {}
        }
        end();
    }

    private void left(Seat seat) {
        Thread unload = Thread.ofPlatform()
                .name("slipway-unload-" + version.model() + "-" + version.version())
                .daemon(true)
                .unstarted(() -> close(seat));
        try {
            unload.start();
        } catch (OutOfMemoryError e) { // no thread can be had
            close(seat);
        }
    }

    private void close(Seat seat) {
        Session session = seat.session();
        try {
            if (session != null) {
                session.close();
            }
        } catch (RuntimeException e) {
            LOG.error("{}: the session broke when it was closed", version.label(), e);
        }
        shared.observer().unloaded(version.model(), version.version());
        shared.memory().freed(seat);
        end();
    }

    /** One load or trial less is under way, or one session less in memory. */
    private void end() {
        synchronized (this) {
            underWay--;
            if (!gone || underWay > 0) {
                return;
            }
        }
        whenGone.run();
    }
}
