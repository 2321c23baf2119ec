package dev.slipway.protocols.openinference;

import dev.slipway.core.Failure;

/**
 * The HTTP statuses of failures: Triton's where it has one (src/http_server.cc, {@code HttpCodeFromError}), else what
 * HTTP means.
 */
final class Statuses {

    private Statuses() {}

    static int of(Failure failure) {
        return switch (failure) {
            case Failure.ModelNotFound _, Failure.VersionNotFound _ -> 404;
            case Failure.NotReady _, Failure.Overloaded _, Failure.DeadlineExceeded _ -> 503;
            case Failure.BadInput _ -> 400;
            case Failure.Unsupported _ -> 501;
            case Failure.TooLarge _ -> 413;
            case Failure.Cancelled _ -> 499;
            case Failure.Unauthenticated _ -> 401;
            case Failure.Forbidden _ -> 403;
            case Failure.Conflict _ -> 409;
            case Failure.ModelFailed _, Failure.Internal _ -> 500;
            case Failure.InsufficientStorage _ -> 507;
        };
    }
}
