package dev.slipway.core;

import org.jspecify.annotations.Nullable;

/** Carries a {@link Failure} up to where it is answered; a room whose failures tell more extends it. */
public class FailureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public FailureException(Failure failure) {
        this(failure, null);
    }

    public FailureException(Failure failure, @Nullable Throwable cause) {
        super(failure.detail(), cause);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }

    /**
     * The failure that {@code error} carries, itself or as a cause; a full disk is
     * {@link Failure.InsufficientStorage}, anything else {@link Failure.Internal}.
     */
    public static Failure of(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureException known) {
                return known.failure();
            }
        }
        if (StorageFault.full(error)) {
            return StorageFault.of("this cannot be stored", error);
        }
        return new Failure.Internal(
                "an unexpected error, see the server's log: " + error.getClass().getSimpleName());
    }
}
