package dev.slipway.server;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;

/** One client connection, seen from its event loop: how much goes on in it, and since when nothing does. */
final class Connection {

    private final HttpConnection http;
    private int requests;
    private boolean http2;
    private boolean last;
    private long quietSince;

    Connection(HttpConnection http, long now) {
        this.http = http;
        this.quietSince = now;
    }

    void begin(boolean overHttp2) {
        requests++;
        http2 = overHttp2;
    }

    void end(long now) {
        requests--;
        quietSince = now;
    }

    /** Whether no request has gone on for too long, whatever bytes trickle in. */
    boolean expired(long now, long idleNanos) {
        return requests == 0 && now - quietSince > idleNanos;
    }

    /** The request that goes on is the last that is taken from it. */
    void takeNoMore() {
        last = true;
    }

    boolean takesMore() {
        return !last;
    }

    boolean busy() {
        return requests > 0;
    }

    /** Tells the client not to begin more: HTTP/2 by GOAWAY, HTTP/1.1 by {@code Connection: close} with its next answer. */
    void leave(long patienceMillis) {
        if (http2) {
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
