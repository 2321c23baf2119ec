package dev.slipway.serving;

import dev.slipway.core.Niceness;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that run models. Lanes with work stand in a ring and get one run a turn. The first run of a lane may
 * start even when the cores are taken, so that a heavy model does not starve a tiny one; its further runs share the
 * cores. A lane without work holds no thread. An event loop that has read brief work does it itself. Lengthy jobs have
 * threads of their own, which stand back for all others of the process.
 */
final class Dispatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private static final int LENGTHY_NICENESS = 10;

    /** Who has work. */
    interface Work {
        /** The next job, or null when there is none yet; called under the dispatcher's lock, so it must be short. */
        @Nullable
        Job take();

        /** Whether an event loop is about to come for the work by {@link #visit}; called under the dispatcher's lock. */
        boolean visited();
    }

    /** Work for one thread. */
    interface Job extends Runnable {
        /** Is called instead of {@link #run} when there is no thread to be had. */
        void refuse();

        /** Whether it is so short that it may be done on an event loop. */
        boolean brief();

        /** Whether it is so long that it leaves the core to others who want it. */
        boolean lengthy();
    }

    /** One version's place among the others. All its fields but the first three are the dispatcher's. */
    static final class Lane {
        private final Work work;
        private final int instances;
        private final int threads;
        private int running;
        private boolean waiting;

        /**
         * A lane.
         *
         * @param instances the most runs at once
         * @param threads the threads that one run keeps busy
         */
        Lane(Work work, int instances, int threads) {
            this.work = work;
            this.instances = instances;
            this.threads = threads;
        }
    }

    private record Turn(Lane lane, Job job) {}

    private final int cores;
    private final int maxRuns;
    private final ExecutorService threads = threads("slipway-run-", () -> {});
    private final ExecutorService lengthyThreads =
            threads("slipway-long-run-", () -> Niceness.addToThisThread(LENGTHY_NICENESS));

    /** Hands over for lengthy threads, since a thread is born with the niceness of the one that starts it. */
    private final ThreadPoolExecutor starter = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("slipway-run-starter").daemon(true).factory());

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Lane> ring = new ArrayDeque<>();
    private int busyCores;
    private int runs;

    Dispatcher(int cores, int maxRuns) {
        this.cores = cores;
        this.maxRuns = maxRuns;
        starter.prestartCoreThread();
    }

    private static ExecutorService threads(String name, Runnable first) {
        ThreadFactory named = Thread.ofPlatform().name(name, 0).daemon(true).factory();
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE, // bounded by maxRuns, here; a thread that has just ended its last run comes on top
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                runs -> named.newThread(() -> {
                    first.run();
                    runs.run();
                }));
    }

    /** Tells that a lane has got work. */
    void wake(Lane lane) {
        awoken(lane).forEach(this::hand);
    }

    /** Does a job of a lane on this thread if it is brief, and hands what else may start to others. */
    void visit(Lane lane) {
        Turn own = null;
        for (Turn turn : awoken(lane)) {
            if (own == null && turn.lane() == lane && turn.job().brief()) {
                own = turn;
            } else {
                hand(turn);
            }
        }
        if (own != null) {
            perform(own);
            ended(lane).forEach(this::hand);
        }
    }

    private List<Turn> awoken(Lane lane) {
        lock.lock();
        try {
            if (lane.running >= lane.instances) {
                return List.of(); // it is asked again when one of its runs ends
            }
            enter(lane);
            return start();
        } finally {
            lock.unlock();
        }
    }

    private void enter(Lane lane) {
        if (!lane.waiting) {
            lane.waiting = true;
            ring.add(lane);
        }
    }

    private List<Turn> start() {
        List<Turn> turns = new ArrayList<>(1);
        List<Lane> again = new ArrayList<>(1);
        do {
            again.forEach(this::enter);
            again.clear();
            for (Iterator<Lane> lanes = ring.iterator(); lanes.hasNext() && runs < maxRuns; ) {
                Lane lane = lanes.next();
                if (!mayStart(lane)) {
                    continue;
                }
                lanes.remove();
                lane.waiting = false;
                Job job = lane.work.take();
                if (job != null) {
                    lane.running++;
                    busyCores += lane.threads;
                    runs++;
                    turns.add(new Turn(lane, job));
                    again.add(lane);
                }
            }
            again.removeIf(lane -> lane.running >= lane.instances || lane.work.visited());
        } while (!again.isEmpty());
        return turns;
    }

    private boolean mayStart(Lane lane) {
        return lane.running == 0 || (lane.running < lane.instances && busyCores + lane.threads <= cores);
    }

    private void hand(Turn turn) {
        try {
            boolean lengthy = turn.job().lengthy();
            (lengthy ? lengthyThreads : threads).execute(() -> work(turn, lengthy));
        } catch (OutOfMemoryError | RejectedExecutionException e) {
            LOG.error("no thread could be started for a run", e);
            turn.job().refuse();
            ended(turn.lane()).forEach(this::hand);
        }
    }

    private void handByStarter(Turn turn) {
        try {
            starter.execute(() -> hand(turn));
        } catch (RejectedExecutionException e) {
            hand(turn); // nothing starts any more
        }
    }

    private void work(Turn first, boolean lengthy) {
        for (Turn turn = first; turn != null; turn = after(turn.lane(), lengthy)) {
            perform(turn);
        }
    }

    private static void perform(Turn turn) {
        try {
            turn.job().run();
        } catch (Throwable e) { // a thread that dies here would keep its lane's place for ever
            LOG.error("a run threw, which it must not", e);
        }
    }

    /** What the thread that has done a job of a lane does next; all else is handed to others. */
    private @Nullable Turn after(Lane done, boolean lengthy) {
        Turn own = null;
        for (Turn turn : ended(done)) {
            if (own == null && turn.job().lengthy() == lengthy) {
                own = turn;
            } else if (lengthy) {
                handByStarter(turn);
            } else {
                hand(turn);
            }
        }
        return own;
    }

    private List<Turn> ended(Lane done) {
        lock.lock();
        try {
            done.running--;
            busyCores -= done.threads;
            runs--;
            if (!done.work.visited()) {
                enter(done);
            }
            return start();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        lengthyThreads.shutdown();
        starter.shutdown();
    }
}
