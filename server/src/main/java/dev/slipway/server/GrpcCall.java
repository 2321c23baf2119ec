package dev.slipway.server;

import dev.slipway.core.Failure;
import dev.slipway.server.Access.Allowed;
import dev.slipway.server.Access.Refused;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** A request that is a gRPC call: let in or refused by its headers, before a message is read. */
final class GrpcCall {

    private static final int PERMISSION_DENIED = 7;
    private static final int UNAUTHENTICATED = 16;

    private final HttpServerRequest request;
    private final Runnable afterwards;
    private boolean ended;

    GrpcCall(HttpServerRequest request, Runnable afterwards) {
        this.request = request;
        this.afterwards = afterwards;
    }

    void run(Access access, @Nullable String authority, Shared shared) {
        request.response().endHandler(_ -> end());
        request.response().closeHandler(_ -> end());
        String path = request.path();
        var permission = shared.grpcPermissions().of(path == null ? "" : path);
        switch (access.decide(permission, authority, request.headers())) {
            case Allowed _ -> shared.grpc().handle(request);
            case Refused(Failure failure) -> {
                shared.metrics().rejected("auth");
                refuse(failure);
            }
        }
    }

    private void refuse(Failure failure) {
        int status = failure instanceof Failure.Unauthenticated ? UNAUTHENTICATED : PERMISSION_DENIED;
        request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/grpc")
                .putHeader("grpc-status", Integer.toString(status))
                .putHeader("grpc-message", failure.detail())
                .end();
    }

    private void end() {
        if (!ended) {
            ended = true;
            afterwards.run();
        }
    }
}
