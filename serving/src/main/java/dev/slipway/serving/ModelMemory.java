package dev.slipway.serving;

import dev.slipway.core.DataSize;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.serving.Eviction.Holder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The native memory that models share: who has a seat in it, and who waits for one. A seat is granted at once where
 * there is room, or when versions that nobody needs have left for it. Whoever waits is passed by those that fit.
 */
final class ModelMemory {

    private static final String KEY = "serving.model_memory";
    private static final int NAMED = 3;

    private final long budget;
    private final Duration retryAfter;
    private final Set<Seat> seats = new LinkedHashSet<>();
    private final Set<Seat> waiting = new LinkedHashSet<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean crowded;
    private @Nullable Failure closed;

    ModelMemory(DataSize budget, Duration retryAfter) {
        this.budget = budget.bytes();
        this.retryAfter = retryAfter;
    }

    /** What is done outside the lock: seats that are granted, refused, or left for others. */
    private static final class Outcome {
        private final List<Runnable> steps = new ArrayList<>();

        void grant(Seat seat) {
            steps.add(() -> seat.granted().complete(seat));
        }

        void refuse(Seat seat, Failure why) {
            steps.add(() -> seat.granted().completeExceptionally(new FailureException(why)));
        }

        void evict(Seat seat) {
            steps.add(() -> seat.version().evict(seat));
        }

        void happen() {
            steps.forEach(Runnable::run);
        }
    }

    /** Wants a seat, which is granted or refused now or later. */
    void want(Seat seat) {
        Outcome outcome = new Outcome();
        synchronized (this) {
            Failure never = closed == null ? never(seat) : closed;
            if (never != null) {
                outcome.refuse(seat, never);
            } else if (!granted(seat, outcome)) {
                if (seat.wish().makesRoom()) {
                    waiting.add(seat);
                    crowded = true;
                } else {
                    outcome.refuse(seat, full(seat));
                }
            }
        }
        outcome.happen();
    }

    /** Gives up waiting for a seat, for want of room; one that has been granted stays. */
    void giveUp(Seat seat) {
        Outcome outcome = new Outcome();
        synchronized (this) {
            giveUp(seat, full(seat), outcome);
        }
        outcome.happen();
    }

    /** The same for another reason. */
    void giveUp(Seat seat, Failure why) {
        Outcome outcome = new Outcome();
        synchronized (this) {
            giveUp(seat, why, outcome);
        }
        outcome.happen();
    }

    private void giveUp(Seat seat, Failure why, Outcome outcome) {
        if (waiting.remove(seat)) {
            crowded = !waiting.isEmpty();
            outcome.refuse(seat, why);
        }
    }

    /** Whether somebody waits for a seat. */
    boolean crowded() {
        return crowded;
    }

    /** A version may have become idle: looks on another thread, if somebody waits for a seat. */
    void lookSoon() {
        if (crowded && looking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("slipway-look").start(() -> {
                looking.set(false);
                look();
            });
        }
    }

    /** A version may have become idle, or holds another amount than was foreseen. */
    void look() {
        Outcome outcome = new Outcome();
        synchronized (this) {
            for (Iterator<Seat> all = waiting.iterator(); all.hasNext(); ) {
                if (granted(all.next(), outcome)) {
                    all.remove();
                }
            }
            crowded = !waiting.isEmpty();
            if (held(seats) > budget) {
                makeRoom(Set.of(), held(staying()) - budget, outcome);
            }
        }
        outcome.happen();
    }

    /** A seat holds nothing any more. */
    void freed(Seat seat) {
        synchronized (this) {
            seats.remove(seat);
        }
        look();
    }

    synchronized ModelServer.MemoryUse use() {
        return new ModelServer.MemoryUse(held(seats), budget);
    }

    /** Refuses whoever waits or comes from now on. */
    void close(Failure why) {
        Outcome outcome = new Outcome();
        synchronized (this) {
            closed = why;
            waiting.forEach(seat -> outcome.refuse(seat, why));
            waiting.clear();
            crowded = false;
        }
        outcome.happen();
    }

    private boolean granted(Seat seat, Outcome outcome) {
        long missing = held(seats) + seat.bytes() - budget;
        if (missing <= 0) {
            seats.add(seat);
            outcome.grant(seat);
            return true;
        }
        if (seat.wish().makesRoom()) {
            makeRoom(seat.wish().beside(), held(staying()) + seat.bytes() - budget, outcome);
        }
        return false;
    }

    /** The seats that nobody leaves yet. */
    private List<Seat> staying() {
        return seats.stream().filter(seat -> !seat.leaving()).toList();
    }

    private void makeRoom(Set<ServedVersion> beside, long bytes, Outcome outcome) {
        if (bytes <= 0) {
            return;
        }
        List<Holder<Seat>> holders = staying().stream()
                .map(seat -> new Holder<>(
                        seat, seat.bytes(), seat.idle() && !beside.contains(seat.version()), seat.lastUsed()))
                .toList();
        for (Holder<Seat> holder : Eviction.of(holders, bytes)) {
            holder.who().leaves();
            outcome.evict(holder.who());
        }
    }

    private static long held(Collection<Seat> seats) {
        return seats.stream().mapToLong(Seat::bytes).sum();
    }

    /** Why a seat will never be granted; null when it may be. */
    private @Nullable Failure never(Seat seat) {
        List<Seat> beside = seats.stream()
                .filter(other -> seat.wish().beside().contains(other.version()))
                .toList();
        if (seat.bytes() + held(beside) <= budget) {
            return null;
        }
        return new Failure.InsufficientStorage(needs(seat)
                + (beside.isEmpty()
                        ? ", more than " + KEY + " allows (" + about(budget) + "): raise it, or deploy a smaller model"
                        : ", which does not fit into " + KEY + " (" + about(budget) + ") beside " + named(beside)
                                + ", which answers meanwhile: raise it, or unload the model before"));
    }

    private Failure full(Seat seat) {
        return new Failure.Overloaded(
                needs(seat) + ", and of " + KEY + " (" + about(budget) + ") " + named(List.copyOf(seats))
                        + " have the rest and are needed: raise it, or unload what is not needed",
                retryAfter);
    }

    private static String needs(Seat seat) {
        return seat.version().label() + " needs about " + about(seat.bytes()) + " of memory";
    }

    private static String named(List<Seat> seats) {
        String most = seats.stream()
                .sorted(Comparator.comparingLong(Seat::bytes).reversed())
                .limit(NAMED)
                .map(seat -> seat.version().label() + " (" + about(seat.bytes()) + ")")
                .collect(Collectors.joining(", "));
        return seats.size() > NAMED ? most + " and " + (seats.size() - NAMED) + " others" : most;
    }

    private static String about(long bytes) {
        return new DataSize(bytes).rounded();
    }
}
