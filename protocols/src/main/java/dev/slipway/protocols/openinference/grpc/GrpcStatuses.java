package dev.slipway.protocols.openinference.grpc;

import dev.slipway.core.Failure;
import io.vertx.grpc.common.GrpcStatus;

/** The gRPC status of each failure. */
final class GrpcStatuses {

    private GrpcStatuses() {}

    static GrpcStatus of(Failure failure) {
        return switch (failure) {
            case Failure.ModelNotFound _, Failure.VersionNotFound _ -> GrpcStatus.NOT_FOUND;
            case Failure.NotReady _ -> GrpcStatus.UNAVAILABLE;
            case Failure.BadInput _ -> GrpcStatus.INVALID_ARGUMENT;
            case Failure.Unsupported _ -> GrpcStatus.UNIMPLEMENTED;
            case Failure.TooLarge _, Failure.Overloaded _, Failure.InsufficientStorage _ ->
                GrpcStatus.RESOURCE_EXHAUSTED;
            case Failure.DeadlineExceeded _ -> GrpcStatus.DEADLINE_EXCEEDED;
            case Failure.Cancelled _ -> GrpcStatus.CANCELLED;
            case Failure.Unauthenticated _ -> GrpcStatus.UNAUTHENTICATED;
            case Failure.Forbidden _ -> GrpcStatus.PERMISSION_DENIED;
            case Failure.Conflict _ -> GrpcStatus.FAILED_PRECONDITION;
            case Failure.ModelFailed _, Failure.Internal _ -> GrpcStatus.INTERNAL;
        };
    }
}
