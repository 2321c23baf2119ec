package dev.slipway.server;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Deadline;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.TensorLease;
import dev.slipway.server.Access.Allowed;
import dev.slipway.server.Access.Refused;
import dev.slipway.server.spi.GrpcExchange;
import dev.slipway.server.spi.GrpcMethod;
import dev.slipway.server.spi.NativeBuffers;
import dev.slipway.server.spi.Permission;
import dev.slipway.server.spi.Problem;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.grpc.common.GrpcStatus;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request that is a gRPC call: let in or refused by its headers, then watched until its last byte is written. */
final class GrpcCall implements GrpcExchange, Ongoing {

    private static final Pattern CONTENT_TYPE = Pattern.compile("application/grpc(\\+proto)?(\\s*;.*)?");
    private static final long CANCEL = 8;
    private static final int UNSUPPORTED_MEDIA_TYPE = 415;

    /** Messages up to this many bytes are written in one piece with their prefix. */
    private static final int JOINED = 8 << 10;

    private final Loop loop;
    private final Shared shared;
    private final Connection connection;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final HomeLoop home;
    private final String requestId;
    private final long started;
    private final Cancellation cancellation = new Cancellation();
    private @Nullable GrpcMessages messages;
    private @Nullable TensorLease kept;
    private @Nullable Deadline deadline;
    private String principal = "anonymous";
    private String model = "";
    private String version = "";
    private InferenceResponse.@Nullable Timing timing;
    private long timer = -1;
    private Future<Void> lastWrite = Future.succeededFuture();
    private boolean said;
    private boolean answered;
    private boolean ended;
    private long written;
    private long grown;
    private long lastProgress;

    GrpcCall(Loop loop, Shared shared, Connection connection, HttpServerRequest request, String requestId, long now) {
        this.loop = loop;
        this.shared = shared;
        this.connection = connection;
        this.request = request;
        this.response = request.response();
        this.home = HomeLoop.here(shared.workers());
        this.requestId = requestId;
        this.started = now;
        this.lastProgress = now;
    }

    void run(Access access) {
        response.endHandler(_ -> answered());
        response.closeHandler(_ -> closed());
        String contentType = String.valueOf(header("content-type"));
        if (request.version() != HttpVersion.HTTP_2
                || !CONTENT_TYPE.matcher(contentType).matches()) {
            refuseMedia(contentType);
            return;
        }
        @Nullable GrpcMethod method = shared.grpcMethods().at(path());
        Permission permission = method == null ? Permission.PUBLIC : method.permission();
        switch (access.decide(permission, RequestHead.authority(request), request.headers())) {
            case Allowed(String caller) -> {
                principal = caller;
                admit(method);
            }
            case Refused(Failure failure) -> refuse(failure);
        }
    }

    private void refuseMedia(String contentType) {
        String detail = "gRPC here is 'application/grpc' over HTTP/2, '" + contentType + "' over " + request.version()
                + " given";
        if (request.version() != HttpVersion.HTTP_2) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        response.setStatusCode(UNSUPPORTED_MEDIA_TYPE)
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.CONTENT_TYPE)
                .end(Problem.of(UNSUPPORTED_MEDIA_TYPE, detail, requestId));
    }

    private void admit(@Nullable GrpcMethod method) {
        try {
            if (!request.method().equals(HttpMethod.POST)) {
                throw new FailureException(
                        new Failure.Unsupported("a gRPC call is a POST, " + request.method() + " given"));
            }
            if (method == null) {
                throw new FailureException(new Failure.Unsupported("there is no method '" + path() + "'"));
            }
            deadline = GrpcTimeout.deadline(header("grpc-timeout"), started);
            if (deadline != null && deadline.remainingNanos() <= 0) {
                throw new FailureException(new Failure.DeadlineExceeded("the call's deadline had passed when it came"));
            }
            shared.budget().requireRoom(1);
            method.handler().accept(this);
        } catch (RuntimeException e) {
            refuse(e);
        }
    }

    @Override
    public @Nullable String header(String name) {
        return request.getHeader(name);
    }

    @Override
    public String principal() {
        return principal;
    }

    @Override
    public @Nullable Deadline deadline() {
        return deadline;
    }

    @Override
    public Cancellation cancellation() {
        return cancellation;
    }

    @Override
    public Future<TensorLease> message() {
        Promise<TensorLease> said = Promise.promise();
        read(true, this::keep, () -> {
            TensorLease message = kept;
            kept = null;
            if (message == null) {
                throw new FailureException(Failure.BadInput.malformed("the call brought no message"));
            }
            said.complete(message);
        });
        return said.future();
    }

    private void keep(TensorLease message) {
        if (kept != null) {
            message.close();
            throw new FailureException(Failure.BadInput.malformed("the call brought more than one message"));
        }
        kept = message;
    }

    @Override
    public void messages(Consumer<TensorLease> each, Runnable end) {
        read(false, each, end);
    }

    private void read(boolean whole, Consumer<TensorLease> each, Runnable end) {
        if (messages != null) {
            throw new IllegalStateException("the call's messages were already asked for");
        }
        if (deadline != null) {
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos()) + 1;
            timer = shared.vertx().setTimer(Math.max(1, millis), _ -> tooLate());
        }
        GrpcMessages begun =
                new GrpcMessages(shared, home, connection, request, new GrpcMessages.Reader(each, end, this::refuse));
        messages = begun;
        begun.begin(whole);
    }

    private void stopReading() {
        if (messages != null) {
            messages.stop();
        }
        if (kept != null) {
            kept.close();
            kept = null;
        }
    }

    private void tooLate() {
        Failure late = new Failure.DeadlineExceeded("the call was not answered before its deadline");
        cancellation.cancel(late);
        refuse(late);
    }

    @Override
    public void pause() {
        if (messages != null) {
            messages.pause();
        }
    }

    @Override
    public void resume() {
        if (messages != null) {
            messages.resume();
        }
    }

    @Override
    public <T> Future<T> blocking(Callable<T> work) {
        return home.blocking(work);
    }

    @Override
    public void later(Runnable work) {
        home.run(work);
    }

    @Override
    public boolean over() {
        return ended || said || response.ended();
    }

    @Override
    public boolean full() {
        return response.writeQueueFull();
    }

    @Override
    public void onRoom(Runnable work) {
        response.drainHandler(_ -> work.run());
    }

    @Override
    public void answeredBy(InferenceResponse answer) {
        model = answer.model().toString();
        version = Long.toString(answer.version());
        timing = answer.timing();
    }

    @Override
    public void write(Buffer message, Runnable afterwards) {
        if (over()) {
            afterwards.run();
            return;
        }
        head();
        Buffer prefix = Buffer.buffer(5).appendByte((byte) 0).appendInt(message.length());
        if (message.length() <= JOINED) {
            lastWrite = response.write(prefix.appendBuffer(message));
            afterwards.run();
            return;
        }
        lastWrite = response.write(prefix);
        for (Buffer part : NativeBuffers.parts(message)) {
            lastWrite = response.write(part);
        }
        lastWrite.onComplete(_ -> afterwards.run());
    }

    private void head() {
        if (!response.headWritten()) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "application/grpc")
                    .putHeader("grpc-accept-encoding", GrpcMessages.ENCODINGS);
        }
    }

    @Override
    public void end() {
        end(GrpcStatus.OK, null);
    }

    @Override
    public void fail(Failure failure) {
        end(GrpcStatuses.of(failure), failure.detail());
    }

    @Override
    public void end(GrpcStatus status, @Nullable String detail) {
        if (over()) {
            return;
        }
        head();
        MultiMap end = response.headWritten() ? response.trailers() : response.headers();
        end.set("grpc-status", Integer.toString(status.code));
        if (detail != null) {
            end.set("grpc-message", GrpcStatuses.message(detail));
        }
        said = true;
        close();
    }

    /** Vert.x logs an error for trailers that still wait when their stream is closed, so they wait here. */
    private void close() {
        if (connection.full(request.streamId())) {
            lastWrite.onSuccess(_ -> response.end());
        } else {
            response.end();
        }
    }

    @Override
    public Failure failure(Throwable error) {
        Failure failure = FailureException.of(error);
        if (failure instanceof Failure.Internal) {
            shared.log().defect("gRPC", path(), requestId, error);
        }
        return failure;
    }

    private void refuse(Throwable why) {
        refuse(failure(why));
    }

    /** Ends the call before its handler does. */
    private void refuse(Failure failure) {
        if (over()) {
            return;
        }
        shared.metrics().rejected(failure.code());
        stopReading();
        cancellation.cancel(failure);
        fail(failure);
    }

    private void answered() {
        if (!response.ended()) {
            return;
        }
        answered = true;
        if (!waitsForReader()) {
            finish();
        }
    }

    /** The stream may be closed before it is told that its last bytes were written, in the same turn of the loop. */
    private void closed() {
        if (response.ended()) {
            shared.vertx().runOnContext(_ -> finish());
        } else {
            finish();
        }
    }

    private boolean waitsForReader() {
        return request.version() == HttpVersion.HTTP_2 && connection.waitsForReader(request.streamId());
    }

    @Override
    public void sweep(long now) {
        if (late(now)) {
            refuse(new Failure.DeadlineExceeded("a message did not come in time"));
        } else if (!waitsForReader()) {
            lastProgress = now;
            if (answered) {
                finish();
            }
        } else if (stalled(now)) {
            shared.metrics().rejected("slow-reader");
            response.reset(CANCEL);
            finish();
        }
    }

    private boolean late(long now) {
        long patience = shared.config().timeouts().request().toNanos();
        return messages != null && messages.late(now, patience);
    }

    /** Whether the client has taken nothing of its answer for too long; a long answer gets time for its length. */
    private boolean stalled(long now) {
        long all = response.bytesWritten();
        if (all != written) {
            grown = all - written;
            written = all;
            lastProgress = now;
        }
        long patience = shared.config().timeouts().write().toNanos();
        return now - lastProgress > patience + grown / Incoming.BYTES_PER_SECOND * 1_000_000_000L;
    }

    private void finish() {
        if (ended) {
            return;
        }
        ended = true;
        stopReading();
        if (timer >= 0) {
            shared.vertx().cancelTimer(timer);
        }
        if (!answered) {
            cancellation.cancel(new Failure.Cancelled("the client cancelled the call, or has gone"));
        }
        loop.ended(this);
        long now = System.nanoTime();
        connection.end(now);
        int status = status();
        String path = path();
        shared.metrics()
                .request(
                        model,
                        version,
                        shared.grpcMethods().at(path) == null ? "none" : path,
                        Integer.toString(status),
                        now - started);
        boolean stream = shared.grpcMethods().streams(path);
        shared.log()
                .answered(
                        new RequestLog.Line("gRPC", path, status, now - started, requestId, principal, stream, timing));
    }

    /** The call's own status, 0 to 16, or that of HTTP where it got no further. */
    private int status() {
        if (!answered) {
            return GrpcStatus.CANCELLED.code;
        }
        String status = response.trailers().get("grpc-status");
        if (status == null) {
            status = response.headers().get("grpc-status");
        }
        return status == null ? response.getStatusCode() : Integer.parseInt(status);
    }

    private String path() {
        String path = request.path();
        return path == null ? "" : path;
    }
}
