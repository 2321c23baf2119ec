package dev.slipway.server;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.TensorLease;
import dev.slipway.server.config.Limits;
import dev.slipway.server.spi.NativeBuffers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A request's body while it comes: into memory or into a file, within its limits. */
final class Incoming {

    /** Bytes for which a body gets another second. */
    private static final long BYTES_PER_SECOND = 16 << 10;

    private final Shared shared;
    private final HttpServerRequest request;
    private final long started;
    private final Promise<TensorLease> memory = Promise.promise();
    private final Promise<Path> file = Promise.promise();
    private @Nullable BodySlab slab;
    private @Nullable Inflation inflation;
    private @Nullable AsyncFile target;
    private @Nullable Path path;
    private long limit;
    private long received;
    private boolean over;
    private boolean whole;

    Incoming(Shared shared, HttpServerRequest request, long started) {
        this.shared = shared;
        this.request = request;
        this.started = started;
    }

    /** Whether all of it has come. */
    boolean complete() {
        return whole;
    }

    boolean late(long now) {
        long patience = shared.config().timeouts().request().toNanos();
        return !over && now - started > patience + received / BYTES_PER_SECOND * 1_000_000_000L;
    }

    /** Reads it into pool memory, the byte at {@code aligned} on a 64-byte boundary. */
    Future<TensorLease> read(long declared, long aligned, @Nullable String encoding) {
        Limits limits = shared.config().limits();
        limit = limits.body().bytes();
        refuseTooLarge(declared, limit, "limits.body");
        Boolean gzip = Inflation.gzip(encoding);
        BodySlab body;
        if (gzip == null) {
            body = new BodySlab(shared.pool(), shared.budget(), declared, limit, aligned, "body");
        } else {
            body = new BodySlab(
                    shared.pool(), shared.budget(), -1, limits.decompressed().bytes(), aligned, "decompressed body");
            inflation = new Inflation(gzip, body, limits.ratio());
        }
        slab = body;
        if (declared == 0) {
            over = true;
            whole = true;
            return Future.succeededFuture(body.finish());
        }
        request.handler(this::chunk);
        request.endHandler(_ -> end());
        request.exceptionHandler(this::cancel);
        goOn();
        return memory.future();
    }

    /** Writes it to a file. */
    Future<Path> receive(long declared, @Nullable String encoding) {
        limit = shared.config().limits().upload().bytes();
        refuseTooLarge(declared, limit, "limits.upload");
        if (Inflation.gzip(encoding) != null) {
            throw new Refusal(415, "content-encoding '" + encoding + "' is not taken for files; send them as they are");
        }
        Path place = shared.uploads().resolve(UUID.randomUUID() + ".part");
        path = place;
        request.pause();
        shared.vertx()
                .fileSystem()
                .open(place.toString(), new OpenOptions().setCreateNew(true).setRead(false))
                .onComplete(opened -> {
                    if (opened.succeeded()) {
                        receive(opened.result());
                    } else {
                        unstorable(opened.cause());
                    }
                });
        return file.future();
    }

    private void receive(AsyncFile opened) {
        target = opened;
        if (over) {
            discard();
            return;
        }
        opened.exceptionHandler(this::unstorable);
        request.handler(chunk -> {
            received += chunk.length();
            if (over) {
                return;
            }
            if (received > limit) {
                cancel(tooLarge("limits.upload"));
                return;
            }
            opened.write(chunk).onFailure(this::unstorable);
            if (opened.writeQueueFull()) {
                request.pause();
                opened.drainHandler(_ -> request.resume());
            }
        });
        request.endHandler(_ -> {
            whole = true;
            if (!over) {
                over = true;
                Path place = path;
                opened.close().onComplete(closed -> {
                    if (closed.succeeded() && place != null) {
                        file.tryComplete(place);
                    } else {
                        discardFile();
                        file.tryFail(closed.cause());
                    }
                });
            }
        });
        request.exceptionHandler(this::cancel);
        goOn();
        request.resume();
    }

    private void unstorable(Throwable why) {
        cancel(new FailureException(
                new Failure.Internal("the upload cannot be stored in " + shared.uploads() + ": " + why.getMessage()),
                why));
    }

    private void goOn() {
        String expect = request.getHeader(HttpHeaders.EXPECT);
        if (expect != null && expect.equalsIgnoreCase("100-continue")) {
            request.response().writeContinue();
        }
    }

    private void refuseTooLarge(long declared, long most, String key) {
        if (declared > most) {
            throw new FailureException(new Failure.TooLarge(
                    "body: " + declared + " bytes given, at most " + most + " are allowed (" + key + ")"));
        }
    }

    private FailureException tooLarge(String key) {
        return new FailureException(
                new Failure.TooLarge("body: more than the " + limit + " bytes that are allowed (" + key + ")"));
    }

    private void chunk(Buffer chunk) {
        received += chunk.length();
        BodySlab body = slab;
        if (over || body == null) {
            return;
        }
        try {
            if (inflation == null) {
                body.append(NativeBuffers.segment(chunk));
            } else if (received > limit) {
                throw tooLarge("limits.body");
            } else {
                inflation.accept(NativeBuffers.segment(chunk).asByteBuffer());
            }
        } catch (RuntimeException e) {
            cancel(e);
        }
    }

    private void end() {
        whole = true;
        BodySlab body = slab;
        if (over || body == null) {
            return;
        }
        try {
            if (inflation != null) {
                inflation.finish();
            }
        } catch (RuntimeException e) {
            cancel(e);
            return;
        }
        over = true;
        discard();
        memory.complete(body.finish());
    }

    /** Stops taking it: what was read is given back, what still comes is passed over. */
    void cancel(Throwable why) {
        if (over) {
            return;
        }
        over = true;
        BodySlab body = slab;
        if (body != null) {
            body.abandon();
        }
        discard();
        discardFile();
        Throwable known = why instanceof FailureException || why instanceof Refusal
                ? why
                : new FailureException(new Failure.Cancelled("the body did not come whole"), why);
        memory.tryFail(known);
        file.tryFail(known);
    }

    private void discard() {
        if (inflation != null) {
            inflation.close();
            inflation = null;
        }
        slab = null;
    }

    private void discardFile() {
        AsyncFile opened = target;
        Path place = path;
        if (opened != null && place != null) {
            target = null;
            opened.close().onComplete(_ -> shared.vertx().fileSystem().delete(place.toString()));
        }
    }
}
