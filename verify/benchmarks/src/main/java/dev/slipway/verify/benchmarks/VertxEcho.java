package dev.slipway.verify.benchmarks;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;

/** The least that a server on Vert.x does: answers every body with the same bytes, on as many event loops as Slipway. */
public final class VertxEcho extends VerticleBase {

    private final int port;

    private VertxEcho(int port) {
        this.port = port;
    }

    public static void main(String[] arguments) {
        int loops = Math.min(8, Runtime.getRuntime().availableProcessors());
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops).setPreferNativeTransport(false));
        for (int i = 0; i < loops; i++) {
            var _ = vertx.deployVerticle(new VertxEcho(Integer.parseInt(arguments[0])))
                    .await();
        }
    }

    @Override
    public Future<?> start() {
        return vertx.createHttpServer(new HttpServerOptions().setTcpNoDelay(true))
                .requestHandler(request -> request.bodyHandler(body -> request.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .end(body)))
                .listen(port, "127.0.0.1");
    }
}
