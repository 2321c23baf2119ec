package dev.slipway.protocols.slipway;

import dev.slipway.core.Failure;

/** The HTTP status of each kind of failure. */
final class FailureStatus {

    private FailureStatus() {}

    static int of(Failure failure) {
        return switch (failure) {
            case Failure.BadInput bad -> bad.malformed() ? 400 : 422;
            case Failure.Unauthenticated _ -> 401;
            case Failure.Forbidden _ -> 403;
            case Failure.ModelNotFound _ -> 404;
            case Failure.VersionNotFound _ -> 404;
            case Failure.Conflict _ -> 409;
            case Failure.TooLarge _ -> 413;
            case Failure.Cancelled _ -> 499;
            case Failure.ModelFailed _ -> 500;
            case Failure.Internal _ -> 500;
            case Failure.Unsupported _ -> 501;
            case Failure.NotReady _ -> 503;
            case Failure.Overloaded _ -> 503;
            case Failure.DeadlineExceeded _ -> 504;
            case Failure.InsufficientStorage _ -> 507;
        };
    }
}
