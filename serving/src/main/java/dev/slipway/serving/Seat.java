package dev.slipway.serving;

import dev.slipway.core.Claims;
import dev.slipway.core.spi.Session;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A version's place in {@link ModelMemory}: foreseen, then granted, then taken by a session. Whoever runs the session
 * holds a claim; the session is closed when the seat is left and the last claim has gone.
 */
final class Seat {

    private final ServedVersion version;
    private final long foreseen;
    private final Wish wish;
    private final CompletableFuture<Seat> granted = new CompletableFuture<>();
    private final Claims claims;
    private volatile @Nullable Session session;
    private volatile long lastUsed;
    private volatile boolean leaving;

    /**
     * How a seat is wanted.
     *
     * @param makesRoom whether idle versions leave for it; else it takes only what nobody has
     * @param beside versions that stay whatever comes, since they answer while this one is loaded
     */
    record Wish(boolean makesRoom, Set<ServedVersion> beside) {

        static final Wish IF_FREE = new Wish(false, Set.of());
        static final Wish MAKING_ROOM = new Wish(true, Set.of());

        Wish {
            beside = Set.copyOf(beside);
        }
    }

    /**
     * A seat that is foreseen.
     *
     * @param foreseen bytes that opening the session is estimated to take
     * @param whenLeft closes the session, on whichever thread was the last to need it
     */
    Seat(ServedVersion version, long foreseen, Wish wish, Consumer<Seat> whenLeft) {
        this.version = version;
        this.foreseen = foreseen;
        this.wish = wish;
        this.claims = new Claims(() -> whenLeft.accept(this));
    }

    ServedVersion version() {
        return version;
    }

    Wish wish() {
        return wish;
    }

    /** Completed when there is room, exceptionally when there will be none. */
    CompletableFuture<Seat> granted() {
        return granted;
    }

    void take(Session opened, long now) {
        lastUsed = now;
        session = opened;
    }

    /** What it holds: as foreseen until the session says it. */
    long bytes() {
        Session taken = session;
        return taken == null ? foreseen : taken.memory();
    }

    /** The session, once it has been taken. */
    @Nullable
    Session session() {
        return session;
    }

    /** The session, for whoever has a claim. */
    Session opened() {
        return Objects.requireNonNull(session);
    }

    /** Lets the caller run the session until {@link #release}; false when it is left. */
    boolean tryClaim(long now) {
        if (!claims.tryClaim()) {
            return false;
        }
        lastUsed = now;
        return true;
    }

    void release() {
        claims.release();
    }

    /** Lets nobody else run the session, and closes it when nobody does. */
    void leave() {
        claims.close();
    }

    /** Tells that it is about to be left for others. */
    void leaves() {
        leaving = true;
    }

    /** Whether its bytes will soon be free. */
    boolean leaving() {
        return leaving || claims.closed();
    }

    long lastUsed() {
        return lastUsed;
    }

    /** Whether it may go for others: one that is loading, runs, is waited for or cannot be asked yet stays. */
    boolean idle() {
        return session != null && claims.count() == 0 && !leaving() && version.idle();
    }
}
