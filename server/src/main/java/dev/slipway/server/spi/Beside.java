package dev.slipway.server.spi;

import io.vertx.core.Future;
import java.util.concurrent.Callable;

/** An event loop, and what is beside it for work that would hold the loop up. */
public interface Beside {

    /** Runs blocking work on a virtual thread and comes back to the event loop. */
    <T> Future<T> blocking(Callable<T> work);

    /** The same for work that is {@code large}; what is not is done at once. */
    default <T> Future<T> blocking(boolean large, Callable<T> work) {
        if (large) {
            return blocking(work);
        }
        try {
            return Future.succeededFuture(work.call());
        } catch (Throwable e) {
            return Future.failedFuture(e);
        }
    }
}
