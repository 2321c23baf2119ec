package dev.slipway.server;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.TensorLease;
import dev.slipway.server.spi.NativeBuffers;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.StreamResetException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A request's body while it comes: asked for once, into memory or a file, or passed over. */
final class Incoming implements DirectBodies.Reader {

    /** Bytes for which a body gets another second. */
    static final long BYTES_PER_SECOND = 16 << 10;

    private final Shared shared;
    private final Connection connection;
    private final HttpServerRequest request;
    private final long started;
    private final Runnable gone;
    private @Nullable BodySink sink;
    private boolean paused;
    private long received;
    private boolean over;
    private boolean whole;

    /** @param gone is told when the client takes the request back */
    Incoming(Shared shared, Connection connection, HttpServerRequest request, long started, Runnable gone) {
        this.shared = shared;
        this.connection = connection;
        this.request = request;
        this.started = started;
        this.gone = gone;
    }

    /** Whether some of it is still to be read. */
    boolean unread() {
        return sink == null ? !request.isEnded() && RequestHead.mayHaveBody(request) : !whole;
    }

    /** Whether it is wanted and does not come. */
    boolean late(long now) {
        long patience = shared.config().timeouts().request().toNanos();
        return sink != null && !over && now - started > patience + received / BYTES_PER_SECOND * 1_000_000_000L;
    }

    /** Lets it wait, when nobody has asked for it yet. */
    void hold() {
        if (sink == null && unread()) {
            paused = true;
            request.pause();
        }
    }

    /** Reads it into pool memory, the byte at {@code aligned} on a 64-byte boundary. */
    Future<TensorLease> read(long aligned) {
        requireUnclaimed();
        try {
            long declared = RequestHead.declaredLength(request);
            refuseTooLarge(declared, shared.config().limits().body().bytes(), "limits.body");
            MemorySink memory = new MemorySink(shared, declared, aligned, encoding());
            sink = memory;
            if (declared == 0) {
                end();
            } else {
                begin();
                connection.readBy(request, this);
                resume();
            }
            return memory.body();
        } catch (FailureException | Refusal e) {
            return Future.failedFuture(counted(e));
        }
    }

    /** Writes it to a file, which may be a part of a file of {@code whole} bytes. */
    Future<Path> receive(long whole) {
        requireUnclaimed();
        try {
            refuseTooLarge(
                    Math.max(whole, RequestHead.declaredLength(request)),
                    shared.config().limits().upload().bytes(),
                    "limits.upload");
            if (Inflation.gzip(encoding()) != null) {
                throw new Refusal(
                        415, "content-encoding '" + encoding() + "' is not taken for files; send them as they are");
            }
            FileSink file = new FileSink(shared, request, this::cancel);
            sink = file;
            paused = false;
            file.open();
            begin();
            return file.file();
        } catch (FailureException | Refusal e) {
            return Future.failedFuture(counted(e));
        }
    }

    private RuntimeException counted(RuntimeException why) {
        if (why instanceof FailureException refused) {
            shared.metrics().rejected(refused.failure().code());
        }
        return why;
    }

    private @Nullable String encoding() {
        return request.getHeader(HttpHeaders.CONTENT_ENCODING);
    }

    private void requireUnclaimed() {
        if (sink != null) {
            throw new IllegalStateException("the body was already asked for");
        }
    }

    private static void refuseTooLarge(long declared, long most, String key) {
        if (declared > most) {
            throw new FailureException(new Failure.TooLarge(
                    "body: " + declared + " bytes given, at most " + most + " are allowed (" + key + ")"));
        }
    }

    private void begin() {
        request.handler(chunk -> read(NativeBuffers.bytes(chunk)));
        request.endHandler(_ -> end());
        request.exceptionHandler(this::breakOff);
        String expect = request.getHeader(HttpHeaders.EXPECT);
        if (expect != null && expect.equalsIgnoreCase("100-continue")) {
            request.response().writeContinue();
        }
    }

    private void resume() {
        if (paused) {
            paused = false;
            request.resume();
        }
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public void read(ByteBuffer bytes) {
        received += bytes.remaining();
        BodySink to = sink;
        if (over || to == null) {
            return;
        }
        try {
            to.take(bytes, received);
        } catch (RuntimeException e) {
            cancel(counted(e));
        }
    }

    private void end() {
        whole = true;
        BodySink to = sink;
        if (over || to == null) {
            return;
        }
        over = true;
        try {
            to.finish();
        } catch (RuntimeException e) {
            to.abandon(known(e));
        }
    }

    private void breakOff(Throwable why) {
        if (why instanceof StreamResetException) {
            gone.run();
        } else {
            cancel(why);
        }
    }

    /** Stops taking it: what was read is given back, what still comes is passed over. */
    void cancel(Throwable why) {
        BodySink to = sink;
        if (over || to == null) {
            return;
        }
        over = true;
        to.abandon(known(why));
    }

    private static Throwable known(Throwable why) {
        return why instanceof FailureException || why instanceof Refusal
                ? why
                : new FailureException(new Failure.Cancelled("the body did not come whole"), why);
    }

    /** Reads what still comes without keeping it. */
    void passOver(Runnable atEnd) {
        cancel(new FailureException(new Failure.Cancelled("answered before the body was read")));
        request.handler(_ -> {});
        request.exceptionHandler(_ -> {});
        request.endHandler(_ -> atEnd.run());
        paused = false;
        request.resume();
    }
}
