package dev.slipway.server;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.server.Access.Allowed;
import dev.slipway.server.Access.Refused;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.charset.StandardCharsets;

/** A request that is a gRPC call: let in or refused by its headers, then watched until its last byte is written. */
final class GrpcCall implements Ongoing {

    /** The header by which the call's handler learns who calls; whatever a client sends in it is replaced. */
    static final String PRINCIPAL = "x-slipway-principal";

    private static final long ENHANCE_YOUR_CALM = 11;
    private static final long CANCEL = 8;

    private final Loop loop;
    private final Shared shared;
    private final Connection connection;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final GrpcMessages messages;
    private final String requestId;
    private final long started;
    private String principal = "anonymous";
    private GrpcStatus cut = GrpcStatus.CANCELLED;
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
        this.messages = new GrpcMessages((HttpServerRequestInternal) request, shared.budget(), this::refuse);
        this.requestId = requestId;
        this.started = now;
        this.lastProgress = now;
    }

    void run(Access access) {
        response.endHandler(_ -> answered());
        response.closeHandler(_ -> end());
        if (!request.method().equals(HttpMethod.POST)) {
            refuse(new Failure.Unsupported("a gRPC call is a POST, " + request.method() + " given"));
            return;
        }
        var permission = shared.grpcPermissions().of(path());
        switch (access.decide(permission, RequestHead.authority(request), request.headers())) {
            case Allowed(String caller) -> {
                principal = caller;
                request.headers().set(PRINCIPAL, caller);
                admit();
            }
            case Refused(Failure failure) -> refuse(failure);
        }
    }

    private void admit() {
        try {
            shared.budget().requireRoom(1);
        } catch (FailureException e) {
            refuse(e.failure());
            return;
        }
        shared.grpc().handle(messages);
    }

    private void refuse(RuntimeException why) {
        refuse(FailureException.of(why));
    }

    /** Answers with a status alone; where an answer has begun, the call is cut off. */
    private void refuse(Failure failure) {
        shared.metrics().rejected(failure.code());
        cut = status(failure);
        if (response.headWritten()) {
            response.reset(ENHANCE_YOUR_CALM);
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, "application/grpc")
                .putHeader("grpc-status", Integer.toString(status(failure).code))
                .putHeader("grpc-message", percentEncoded(failure.detail()))
                .end();
    }

    private static GrpcStatus status(Failure failure) {
        return switch (failure) {
            case Failure.Unauthenticated _ -> GrpcStatus.UNAUTHENTICATED;
            case Failure.Forbidden _ -> GrpcStatus.PERMISSION_DENIED;
            case Failure.Overloaded _, Failure.TooLarge _, Failure.InsufficientStorage _ ->
                GrpcStatus.RESOURCE_EXHAUSTED;
            case Failure.DeadlineExceeded _ -> GrpcStatus.DEADLINE_EXCEEDED;
            case Failure.BadInput _ -> GrpcStatus.INVALID_ARGUMENT;
            case Failure.ModelNotFound _, Failure.VersionNotFound _ -> GrpcStatus.NOT_FOUND;
            case Failure.NotReady _ -> GrpcStatus.UNAVAILABLE;
            case Failure.Unsupported _ -> GrpcStatus.UNIMPLEMENTED;
            case Failure.Cancelled _ -> GrpcStatus.CANCELLED;
            case Failure.Conflict _ -> GrpcStatus.FAILED_PRECONDITION;
            case Failure.ModelFailed _, Failure.Internal _ -> GrpcStatus.INTERNAL;
        };
    }

    /** As gRPC wants its {@code grpc-message}: printable ASCII stays, every other byte of its UTF-8 is a %XX. */
    static String percentEncoded(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b >= 0x20 && b <= 0x7e && b != '%') {
                encoded.append((char) b);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit((b >> 4) & 15, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
            }
        }
        return encoded.toString();
    }

    private void answered() {
        if (!response.ended()) {
            return;
        }
        answered = true;
        if (!waitsForReader()) {
            end();
        }
    }

    private boolean waitsForReader() {
        return request.version() == HttpVersion.HTTP_2 && connection.waitsForReader(request.streamId());
    }

    @Override
    public void sweep(long now) {
        if (messages.late(now, shared.config().timeouts().request().toNanos())) {
            Failure late = new Failure.DeadlineExceeded("a message did not come in time");
            messages.stop(new FailureException(late));
            refuse(late);
        } else if (!waitsForReader()) {
            lastProgress = now;
            if (answered) {
                end();
            }
        } else if (stalled(now)) {
            shared.metrics().rejected("slow-reader");
            response.reset(CANCEL);
            end();
        }
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

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        messages.ended();
        loop.ended(this);
        long now = System.nanoTime();
        connection.end(now);
        int status = status();
        String path = path();
        shared.metrics()
                .request(
                        "",
                        "",
                        shared.grpcPermissions().known(path) ? path : "none",
                        Integer.toString(status),
                        now - started);
        shared.log().answered(new RequestLog.Line("gRPC", path, status, now - started, requestId, principal, null));
    }

    /** The call's own status, 0 to 16, or that of HTTP where it got no further. */
    private int status() {
        if (!answered) {
            return cut.code;
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
