package dev.slipway.server;

import io.vertx.core.http.HttpConnection;

/** One client connection, seen from its event loop: how much goes on in it, and since when nothing does. */
final class Connection {

    private final HttpConnection http;
    private int requests;
    private boolean used;
    private boolean leaving;
    private long quietSince;

    Connection(HttpConnection http, long now) {
        this.http = http;
        this.quietSince = now;
    }

    void begin() {
        requests++;
        used = true;
    }

    void end(long now) {
        requests--;
        quietSince = now;
    }

    /** Whether nothing has gone on for too long; a connection that never asked anything gets less patience. */
    boolean expired(long now, long idleNanos, long requestNanos) {
        return requests == 0 && now - quietSince > (used ? idleNanos : Math.min(idleNanos, requestNanos));
    }

    boolean busy() {
        return requests > 0;
    }

    /** Tells the client not to send more: HTTP/2 GOAWAY. What was begun goes on. */
    void leave(long patienceMillis) {
        if (!leaving) {
            leaving = true;
            http.shutdown(patienceMillis, java.util.concurrent.TimeUnit.MILLISECONDS);
        }
    }

    void close() {
        http.close();
    }
}
