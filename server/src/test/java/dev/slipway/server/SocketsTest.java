package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The threads below the listeners: one that ends too early is noticed. */
class SocketsTest {

    private final Sockets sockets = new Sockets(10, Duration.ofMinutes(1), new HttpServerOptions(), () -> {});
    private final VertxInternal vertx =
            (VertxInternal) Vertx.builder().withTransport(sockets.transport()).build();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void anEventLoopThatEndsBreaksTheServer() throws Exception {
        assertThat(sockets.broken().toCompletableFuture()).isNotDone();
        var _ = vertx.nettyEventLoopGroup().next().shutdownGracefully(0, 0, TimeUnit.SECONDS);
        assertThat(sockets.broken().toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isNull();
    }

    @Test
    void anAcceptorThatEndsBreaksTheServer() throws Exception {
        var _ = vertx.acceptorEventLoopGroup().next().shutdownGracefully(0, 0, TimeUnit.SECONDS);
        assertThat(sockets.broken().toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isNull();
    }

    @Test
    void aServerThatLeavesIsNotBroken() throws Exception {
        var _ = sockets.leave();
        vertx.close().await();
        vertx.nettyEventLoopGroup().terminationFuture().sync();
        assertThat(sockets.broken().toCompletableFuture()).isNotDone();
    }
}
