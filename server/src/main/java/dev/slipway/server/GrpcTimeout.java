package dev.slipway.server;

import dev.slipway.core.Deadline;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Quoted;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The header {@code grpc-timeout}: at most eight digits and a unit. */
final class GrpcTimeout {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,8})([HMSmun])");

    private GrpcTimeout() {}

    /**
     * When a call that began at {@code started} must be answered; null when the header does not say.
     *
     * @throws FailureException {@code BadInput} when the header is none
     */
    static @Nullable Deadline deadline(@Nullable String header, long started) {
        if (header == null) {
            return null;
        }
        Matcher matcher = FORM.matcher(header);
        if (!matcher.matches()) {
            throw new FailureException(Failure.BadInput.of("header grpc-timeout: " + Quoted.of(header)
                    + " must be at most 8 digits and one of the units H, M, S, m, u, n"));
        }
        TimeUnit unit = switch (matcher.group(2)) {
            case "H" -> TimeUnit.HOURS;
            case "M" -> TimeUnit.MINUTES;
            case "S" -> TimeUnit.SECONDS;
            case "m" -> TimeUnit.MILLISECONDS;
            case "u" -> TimeUnit.MICROSECONDS;
            default -> TimeUnit.NANOSECONDS;
        };
        long nanos = unit.toNanos(Long.parseLong(matcher.group(1)));
        return new Deadline(started + Math.min(nanos, Long.MAX_VALUE >> 2));
    }
}
