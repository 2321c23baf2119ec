package dev.slipway.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One accepted socket, seen from its event loop before anything reads it: whether a request has begun to come. */
final class Socket extends ChannelInboundHandlerAdapter {

    private final Duration patience;
    private final HttpServerOptions options;
    private volatile @Nullable ChannelHandlerContext context;

    /** Closes it when no request has come in time; set until one has or the socket is closed. */
    private @Nullable Future<?> unasked;

    private BooleanSupplier unframed = () -> false;
    private int requests;
    private boolean seen;
    private boolean asked;
    private boolean begun;
    private long begunAt;

    /** @param patience with the head of its first request */
    Socket(Duration patience, HttpServerOptions options) {
        this.patience = patience;
        this.options = options;
    }

    /** The socket below a connection. */
    static Socket of(HttpConnection connection) {
        return ((ConnectionBase) connection).channel().pipeline().get(Socket.class);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        unasked = active.executor().schedule(this::close, patience.toNanos(), TimeUnit.NANOSECONDS);
        active.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext closed) {
        endPatience();
        closed.fireChannelInactive();
    }

    private void endPatience() {
        Future<?> alarm = unasked;
        if (alarm != null) {
            unasked = null;
            var _ = alarm.cancel(false);
        }
    }

    private void closeUnbegun() {
        if (!asked && !begun) {
            close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object bytes) {
        if (!seen) {
            seen = true;
            HeadDecoder.prepare(reading.pipeline(), options);
        }
        if (requests == 0 && !begun) {
            begun = true;
            begunAt = System.nanoTime();
        }
        reading.fireChannelRead(bytes);
    }

    /** Asks {@code handler} first when bytes cannot be read as HTTP; what it does not take closes the connection. */
    void onUnframed(BooleanSupplier handler) {
        unframed = handler;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext reading, Throwable cause) {
        if (cause instanceof IOException || !unframed.getAsBoolean()) {
            reading.fireExceptionCaught(cause);
        }
    }

    /** Whether some of what was written to an HTTP/2 stream waits for its reader. */
    boolean waitsForReader(int stream) {
        return flow(stream, Http2RemoteFlowController::hasFlowControlled);
    }

    /** Whether what is written to an HTTP/2 stream next has to wait. */
    boolean full(int stream) {
        return flow(stream, (flow, open) -> !flow.isWritable(open));
    }

    private boolean flow(int stream, BiPredicate<Http2RemoteFlowController, Http2Stream> question) {
        ChannelHandlerContext here = context;
        Http2ConnectionHandler http2 = here == null ? null : here.pipeline().get(Http2ConnectionHandler.class);
        if (http2 == null) {
            return false;
        }
        Http2Stream open = http2.connection().stream(stream);
        return open != null && question.test(http2.encoder().flowController(), open);
    }

    /** A request's head has come whole. */
    void requested() {
        asked = true;
        begun = false;
        requests++;
        endPatience();
    }

    void answered() {
        requests--;
    }

    /** Whether it is HTTP/2, where bytes alone do not mean that a request has begun. */
    boolean framed() {
        ChannelHandlerContext here = context;
        return here != null && here.pipeline().get(Http2ConnectionHandler.class) != null;
    }

    /** Its bodies, once Vert.x has prepared it for HTTP/1 or for HTTP/2. */
    DirectBodies bodies() {
        ChannelPipeline pipeline = Objects.requireNonNull(context).pipeline();
        Http2ConnectionHandler http2 = pipeline.get(Http2ConnectionHandler.class);
        return http2 == null ? Http1Bodies.of(pipeline) : Http2Bodies.of(http2);
    }

    /** Whether some of a request's head has come while nothing else goes on. */
    boolean begun() {
        return begun;
    }

    /** Whether the head that has begun takes too long. */
    boolean late(long now) {
        return begun && now - begunAt > patience.toNanos();
    }

    /** Closes it soon, unless it asks something or has begun to. May be called from any thread. */
    void leave() {
        ChannelHandlerContext here = context;
        if (here != null) {
            var _ = here.executor().schedule(this::closeUnbegun, Connection.LINGER.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void close() {
        ChannelHandlerContext here = context;
        if (here != null) {
            var _ = here.close();
        }
    }
}
