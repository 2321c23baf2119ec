package dev.slipway.server;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One client connection, seen from its event loop: how much goes on in it, and since when nothing does. */
final class Connection {

    /** How long a quiet connection may still bring a request that was under way when the server began to stop. */
    static final Duration LINGER = Duration.ofMillis(200);

    /** How long an HTTP/2 client may take to answer a ping, by which all is here that it had sent before. */
    private static final Duration ECHO = Duration.ofSeconds(2);

    private static final int NO_ERROR = 0;

    private final HttpConnection http;
    private final Socket socket;
    private final boolean framed;
    private final DirectBodies bodies;
    private @Nullable HttpExchange current;
    private int requests;
    private boolean last;
    private boolean leaving;
    private long askedToLeave;
    private long quietSince;

    Connection(HttpConnection http, long now) {
        this.http = http;
        this.socket = Socket.of(http);
        this.framed = socket.framed();
        this.bodies = socket.bodies();
        this.quietSince = now;
        socket.onUnframed(this::unframed);
    }

    void begin() {
        requests++;
        socket.requested();
    }

    /** The exchange that goes on, of which HTTP/1 has one at a time. */
    void serves(HttpExchange exchange) {
        current = exchange;
    }

    /** Who reads the body of a request where it lies, if nothing of it has come yet: see {@link DirectBodies}. */
    void readBy(HttpServerRequest request, DirectBodies.Reader reader) {
        bodies.readBy(framed ? request.streamId() : 0, reader);
    }

    private boolean unframed() {
        HttpExchange exchange = current;
        if (exchange == null || framed) {
            return false;
        }
        exchange.unframed();
        return true;
    }

    boolean waitsForReader(int stream) {
        return socket.waitsForReader(stream);
    }

    /** Whether what is written to an HTTP/2 stream next has to wait. */
    boolean full(int stream) {
        return socket.full(stream);
    }

    void end(long now) {
        current = null;
        requests--;
        quietSince = now;
        socket.answered();
    }

    /** Whether nothing has gone on for too long, or a request's head does not come to its end. */
    boolean expired(long now, long idleNanos) {
        return requests == 0 && (now - quietSince > idleNanos || (!framed && socket.late(now)));
    }

    /** The request that goes on is the last that is taken from it. */
    void takeNoMore() {
        last = true;
    }

    boolean takesMore() {
        return !last;
    }

    /**
     * Whether the server, which stops, may close it: nothing goes on, has begun, or is likely to be under way. An HTTP/2
     * client is told twice (RFC 9113, 6.8): first to send nothing more, then, when what it had sent meanwhile is here,
     * which of its streams was the last; what was begun goes on.
     */
    boolean left(long now, long patienceMillis) {
        if (!leaving) {
            leaving = true;
            quietSince = now;
            if (framed) {
                askToLeave(now, patienceMillis);
            }
        }
        if (framed) {
            if (now - askedToLeave > ECHO.toNanos()) {
                sayLast(patienceMillis);
            }
            return false;
        }
        return requests == 0 && !socket.begun() && now - quietSince > LINGER.toNanos();
    }

    private void askToLeave(long now, long patienceMillis) {
        askedToLeave = now;
        http.goAway(NO_ERROR, Integer.MAX_VALUE);
        http.ping(Buffer.buffer(new byte[8])).onSuccess(_ -> sayLast(patienceMillis));
    }

    private void sayLast(long patienceMillis) {
        if (!last) {
            last = true;
            http.goAway(NO_ERROR);
            http.shutdown(patienceMillis, TimeUnit.MILLISECONDS);
        }
    }

    /** Ends it at once, from the end of the pipeline where nobody waits for what is still to be written. */
    void cut() {
        var first = ((ConnectionBase) http).channel().pipeline().firstContext();
        if (first != null) {
            var _ = first.close();
        }
    }

    void close() {
        http.close();
    }
}
