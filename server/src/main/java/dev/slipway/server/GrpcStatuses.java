package dev.slipway.server;

import dev.slipway.core.Failure;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.charset.StandardCharsets;

/** How gRPC says that a call failed: a status, and a message in a header. */
final class GrpcStatuses {

    /** Clients take some 8 KiB of headers. */
    private static final int LONGEST = 2_000;

    private GrpcStatuses() {}

    static GrpcStatus of(Failure failure) {
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

    /**
     * A detail as {@code grpc-message} has it: printable ASCII stays, every other byte of its UTF-8 is a %XX. What is
     * longer than clients take ends after a whole character.
     */
    static String message(String detail) {
        StringBuilder encoded = new StringBuilder(Math.min(detail.length(), LONGEST));
        for (int at = 0; at < detail.length(); ) {
            int character = detail.codePointAt(at);
            at += Character.charCount(character);
            int before = encoded.length();
            encode(Character.toString(character), encoded);
            if (encoded.length() > LONGEST) {
                encoded.setLength(before);
                return encoded.append("...").toString();
            }
        }
        return encoded.toString();
    }

    private static void encode(String character, StringBuilder encoded) {
        for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
            if (b >= 0x20 && b <= 0x7e && b != '%') {
                encoded.append((char) b);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit((b >> 4) & 15, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
            }
        }
    }
}
