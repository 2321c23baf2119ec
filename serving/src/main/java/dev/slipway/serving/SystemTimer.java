package dev.slipway.serving;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's time, with one thread for what is to happen later: a hashed wheel (Varghese and Lauck 1987), since nearly
 * every request sets an alarm and cancels it again, which is to cost as little with ten thousand under way as with one. An
 * alarm goes off up to one tick late. The thread sleeps until the next slot that holds an alarm, at most a turn of the wheel; an
 * alarm wakes it only if it is to go off before that.
 */
final class SystemTimer implements Timer {

    private static final Logger LOG = LoggerFactory.getLogger(SystemTimer.class);
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(1);

    /** Alarms of one tick and of those a whole turn of the wheel later, linked; its lock guards the links. */
    private static final class Slot {
        private @Nullable Entry first;

        synchronized boolean holdsAny() {
            return first != null;
        }
    }

    private static final class Entry implements Alarm {
        private final Slot slot;
        private final long at;
        private final Runnable task;
        private @Nullable Entry before;
        private @Nullable Entry after;
        private boolean set = true;

        Entry(Slot slot, long at, Runnable task) {
            this.slot = slot;
            this.at = at;
            this.task = task;
        }

        @Override
        public void cancel() {
            synchronized (slot) {
                unlink();
            }
        }

        void link() {
            after = slot.first;
            if (after != null) {
                after.before = this;
            }
            slot.first = this;
        }

        void unlink() {
            if (!set) {
                return;
            }
            set = false;
            if (before == null) {
                slot.first = after;
            } else {
                before.after = after;
            }
            if (after != null) {
                after.before = before;
            }
        }
    }

    private final long start = System.nanoTime();
    private final Slot[] wheel;
    private final Thread thread;

    /** The last tick whose slot is being or has been looked at; written by the thread alone. */
    private volatile long tick;

    /** The tick that the thread sleeps until, at least while it sleeps. */
    private volatile long wakes = Long.MAX_VALUE;

    private volatile boolean closed;

    SystemTimer() {
        this(1024);
    }

    SystemTimer(int slots) {
        wheel = new Slot[slots];
        Arrays.setAll(wheel, _ -> new Slot());
        thread = Thread.ofPlatform().name("slipway-timer").daemon(true).unstarted(this::turn);
        thread.start();
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
        for (; ; ) {
            long due = Math.max(Math.ceilDiv(nanoTime - start, TICK), tick + 1);
            Slot slot = wheel[(int) (due % wheel.length)];
            synchronized (slot) {
                if (tick < due) { // else the thread has gone past it meanwhile
                    Entry entry = new Entry(slot, nanoTime, task);
                    entry.link();
                    if (due < wakes) {
                        LockSupport.unpark(thread);
                    }
                    return entry;
                }
            }
        }
    }

    private void turn() {
        while (!closed) {
            if (start + (tick + 1) * TICK - System.nanoTime() > 0) {
                sleep();
            } else {
                long turned = tick + 1; // this thread alone writes it
                tick = turned;
                due(wheel[(int) (turned % wheel.length)]).forEach(SystemTimer::ring);
            }
        }
    }

    private void sleep() {
        wakes = Long.MAX_VALUE; // who sets an alarm behind the search wakes this thread
        long next = tick + 1;
        while (next < tick + wheel.length && !wheel[(int) (next % wheel.length)].holdsAny()) {
            next++;
        }
        wakes = next;
        LockSupport.parkNanos(this, start + next * TICK - System.nanoTime());
    }

    private static List<Runnable> due(Slot slot) {
        synchronized (slot) {
            if (slot.first == null) {
                return List.of();
            }
            List<Runnable> due = new ArrayList<>();
            long now = System.nanoTime();
            for (Entry entry = slot.first; entry != null; ) {
                Entry next = entry.after;
                if (entry.at - now <= 0) {
                    entry.unlink();
                    due.add(entry.task);
                }
                entry = next;
            }
            return due;
        }
    }

    private static void ring(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) { // without this thread no deadline would hold
            LOG.error("what a timer was to do threw", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
