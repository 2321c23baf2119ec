package dev.slipway.serving;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** An event loop whose turns a test takes on its own thread. */
final class FakeLoop implements EventLoops, Executor {

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private volatile @Nullable Thread thread;

    /** Reads, and then does what reading has brought up. */
    void turn(Runnable reading) {
        thread = Thread.currentThread();
        try {
            reading.run();
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        } finally {
            thread = null;
        }
    }

    @Override
    public @Nullable Executor current() {
        return Thread.currentThread().equals(thread) ? this : null;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }
}
