package dev.slipway.server;

import dev.slipway.core.TensorPool;
import dev.slipway.server.config.ServerConfig;
import dev.slipway.server.spi.Dialect;
import io.vertx.core.Vertx;
import java.nio.file.Path;

/**
 * What all event loops of a server have in common.
 *
 * @param fallback the dialect that answers paths which belong to none
 * @param uploads a folder for files while they come
 */
record Shared(
        ServerConfig config,
        Vertx vertx,
        Routes routes,
        Dialect fallback,
        GrpcMethods grpcMethods,
        TensorPool pool,
        BodyBudget budget,
        AnswerMemory answers,
        Metrics metrics,
        RequestLog log,
        Workers workers,
        Path uploads,
        Stopping stopping) {

    /** Whether the server has begun to stop. */
    static final class Stopping {
        private volatile boolean begun;

        void begin() {
            begun = true;
        }

        boolean begun() {
            return begun;
        }
    }
}
