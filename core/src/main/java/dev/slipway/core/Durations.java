package dev.slipway.core;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 20ms}, {@code 1.5s}, {@code 5m}, or ISO 8601. */
public final class Durations {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?) ?(ns|us|µs|ms|s|m|h)");
    private static final int LONGEST_TEXT = 40;

    private Durations() {}

    public static Optional<Duration> parse(String text) {
        String stripped = text.strip();
        if (stripped.length() > LONGEST_TEXT) {
            return Optional.empty();
        }
        Matcher matcher = FORM.matcher(stripped);
        if (matcher.matches()) {
            long nanos = switch (matcher.group(2)) {
                case "ns" -> 1L;
                case "us", "µs" -> 1_000L;
                case "ms" -> 1_000_000L;
                case "s" -> 1_000_000_000L;
                case "m" -> 60_000_000_000L;
                default -> 3_600_000_000_000L;
            };
            BigDecimal product = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(nanos));
            return product.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                    ? Optional.empty()
                    : Optional.of(Duration.ofNanos(product.longValue()));
        }
        if (stripped.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        try {
            return Optional.of(Duration.parse(stripped));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The shortest whole form: {@code 60s}, {@code 5ms}, {@code 250us}. */
    public static String write(Duration duration) {
        int fraction = duration.toNanosPart();
        if (fraction == 0 && !duration.isZero()) {
            return duration.toSeconds() + "s";
        }
        if (fraction % 1_000_000 == 0) {
            return duration.toMillis() + "ms";
        }
        return fraction % 1_000 == 0 ? duration.toNanos() / 1_000 + "us" : duration.toNanos() + "ns";
    }
}
