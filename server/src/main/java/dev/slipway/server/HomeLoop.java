package dev.slipway.server;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The event loop that an exchange lives on: work leaves it and comes back to it. */
final class HomeLoop {

    private final ContextInternal context;
    private final Workers workers;

    private HomeLoop(ContextInternal context, Workers workers) {
        this.context = context;
        this.workers = workers;
    }

    /** The loop whose thread calls. */
    static HomeLoop here(Workers workers) {
        ContextInternal current = ContextInternal.current();
        if (current == null) {
            throw new IllegalStateException("an exchange begins on an event loop");
        }
        return new HomeLoop(current, workers);
    }

    <T> Future<T> blocking(Callable<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        workers.run(() -> {
            try {
                done.complete(work.call());
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        return Future.fromCompletionStage(done, context);
    }

    /** Runs work beside the loop that comes back to it by itself. */
    void beside(Runnable work) {
        workers.run(work);
    }

    <T> void await(CompletionStage<T> stage, BiConsumer<T, @Nullable Throwable> outcome) {
        stage.whenComplete((value, error) -> back(() -> outcome.accept(value, error), value));
    }

    <T> void await(Future<T> future, BiConsumer<T, @Nullable Throwable> outcome) {
        future.onComplete(result -> back(() -> outcome.accept(result.result(), result.cause()), result.result()));
    }

    /** Runs on the loop, at once if it calls; once that has ended nobody is left to take the value, which is given back. */
    private void back(Runnable work, @Nullable Object value) {
        try {
            context.emit(_ -> work.run());
        } catch (RejectedExecutionException e) {
            if (value instanceof AutoCloseable lease) {
                close(lease);
            }
        }
    }

    /** Runs on the loop, later. */
    void run(Runnable work) {
        context.runOnContext(_ -> work.run());
    }

    private static void close(AutoCloseable lease) {
        try {
            lease.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
