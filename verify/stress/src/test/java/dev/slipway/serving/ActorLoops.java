package dev.slipway.serving;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Actors as event loops: each reads, and then does what reading has brought up. */
final class ActorLoops implements EventLoops {

    private final Map<Thread, Executor> turning = new ConcurrentHashMap<>();

    void turn(Runnable reading) {
        Queue<Runnable> tasks = new ArrayDeque<>();
        Executor loop = tasks::add;
        turning.put(Thread.currentThread(), loop);
        try {
            reading.run();
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        } finally {
            turning.remove(Thread.currentThread(), loop);
        }
    }

    @Override
    public @Nullable Executor current() {
        return turning.get(Thread.currentThread());
    }
}
