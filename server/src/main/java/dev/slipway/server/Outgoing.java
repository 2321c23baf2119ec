package dev.slipway.server;

import dev.slipway.server.spi.NativeBuffers;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/** An answer while it goes: compressed where that pays, in pieces so that a reader that stops is noticed. */
final class Outgoing {

    private static final int PIECE = 1 << 18;
    private static final int COMPRESS_HERE = 1 << 16;

    private final Duration patience;
    private final HomeLoop home;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Runnable afterwards;
    private long lastProgress;
    private boolean over;

    /**
     * An answer.
     *
     * @param patience with a client that takes no more
     * @param afterwards runs once, when the last byte is written or nobody reads any more
     */
    Outgoing(Duration patience, HomeLoop home, HttpServerRequest request, Runnable afterwards) {
        this.patience = patience;
        this.home = home;
        this.request = request;
        this.response = request.response();
        this.afterwards = afterwards;
    }

    boolean stalled(long now) {
        return !over && now - lastProgress > patience.toNanos();
    }

    void send(String contentType, Buffer body) {
        lastProgress = System.nanoTime();
        Compression compression =
                Compression.of(request.getHeader(HttpHeaders.ACCEPT_ENCODING), contentType, body.length());
        if (compression == Compression.NONE) {
            write(body);
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_ENCODING, compression.token());
        response.putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        if (body.length() <= COMPRESS_HERE) {
            write(compression.compress(NativeBuffers.segment(body)));
            return;
        }
        home.beside(() -> {
            Buffer compressed = compression.compress(NativeBuffers.segment(body));
            home.run(() -> write(compressed));
        });
    }

    private void write(Buffer body) {
        if (over) {
            return;
        }
        if (response.closed() || response.ended()) {
            over();
            return;
        }
        if (response.getStatusCode() != 204) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        }
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end().onComplete(_ -> over());
        } else if (body.length() <= PIECE) {
            response.end(body).onComplete(_ -> over());
        } else {
            pieces(body, 0);
        }
    }

    private void pieces(Buffer body, int from) {
        int at = from;
        while (!over) {
            lastProgress = System.nanoTime();
            int end = Math.min(body.length(), at + PIECE);
            if (end == body.length()) {
                response.end(body.slice(at, end)).onComplete(_ -> over());
                return;
            }
            response.write(body.slice(at, end));
            at = end;
            if (response.writeQueueFull()) {
                int next = at;
                response.drainHandler(_ -> pieces(body, next));
                return;
            }
        }
    }

    /** The last byte is written, or the client has gone. */
    void over() {
        if (!over) {
            over = true;
            afterwards.run();
        }
    }
}
