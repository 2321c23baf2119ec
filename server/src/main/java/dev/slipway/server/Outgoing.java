package dev.slipway.server;

import dev.slipway.server.spi.NativeBuffers;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** An answer while it goes: compressed where that pays, in pieces so that a reader that stops is noticed. */
final class Outgoing {

    private static final int PIECE = 1 << 18;
    private static final int WRITE_AT_ONCE = 1 << 13;
    private static final int COMPRESS_HERE = 1 << 16;

    private final Duration patience;
    private final HomeLoop home;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Consumer<Throwable> defect;
    private final Runnable afterwards;
    private final AtomicBoolean over = new AtomicBoolean();
    private long lastProgress;

    /**
     * An answer.
     *
     * @param patience with a client that takes no more
     * @param defect is told what nobody expected
     * @param afterwards runs once, when the last byte is written or nobody reads any more
     */
    Outgoing(
            Duration patience,
            HomeLoop home,
            HttpServerRequest request,
            Consumer<Throwable> defect,
            Runnable afterwards) {
        this.patience = patience;
        this.home = home;
        this.request = request;
        this.response = request.response();
        this.defect = defect;
        this.afterwards = afterwards;
    }

    boolean stalled(long now) {
        return !over.get() && now - lastProgress > patience.toNanos();
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
            compressed(compression, body).run();
            return;
        }
        home.beside(() -> {
            Runnable writes = compressed(compression, body);
            try {
                home.run(writes);
            } catch (RejectedExecutionException e) {
                over();
            }
        });
    }

    /** What writes the body compressed, or where that cannot be done, as it is. */
    private Runnable compressed(Compression compression, Buffer body) {
        try {
            Buffer compressed = compression.compress(MemorySegment.ofBuffer(NativeBuffers.bytes(body)));
            return () -> write(compressed);
        } catch (Throwable e) {
            return () -> {
                if (!over.get()) {
                    defect.accept(e);
                    response.headers().remove(HttpHeaders.CONTENT_ENCODING);
                    write(body);
                }
            };
        }
    }

    private void write(Buffer body) {
        if (over.get()) {
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
        } else if (body.length() <= WRITE_AT_ONCE) {
            response.end(body).onComplete(_ -> over());
        } else {
            pieces(pieces(body));
        }
    }

    /** The body as it lies in memory: of several parts that are written as one, the network layer makes a copy first. */
    private static Deque<Buffer> pieces(Buffer body) {
        Deque<Buffer> pieces = new ArrayDeque<>();
        for (Buffer part : NativeBuffers.parts(body)) {
            for (int at = 0; at < part.length(); at += PIECE) {
                pieces.add(part.slice(at, Math.min(part.length(), at + PIECE)));
            }
        }
        return pieces;
    }

    private void pieces(Deque<Buffer> left) {
        while (!over.get()) {
            lastProgress = System.nanoTime();
            Buffer piece = left.remove();
            if (left.isEmpty()) {
                response.end(piece).onComplete(_ -> over());
                return;
            }
            response.write(piece);
            if (response.writeQueueFull()) {
                response.drainHandler(_ -> pieces(left));
                return;
            }
        }
    }

    /** The last byte is written, or the client has gone. */
    void over() {
        if (over.compareAndSet(false, true)) {
            afterwards.run();
        }
    }
}
