package dev.slipway.server.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the server logs. Lines about requests are dropped, and counted, rather than waited for.
 *
 * @param level how much
 * @param access whether every request gets a line
 * @param slow requests that take longer get a line, with where the time went when a model answered
 */
public record Logging(Level level, boolean access, Duration slow) {

    /** How much is logged, from least to most. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE;

        static Optional<Level> parse(String text) {
            return Arrays.stream(values())
                    .filter(level -> level.name().equalsIgnoreCase(text))
                    .findFirst();
        }
    }

    public static final Logging DEFAULT = new Logging(Level.INFO, false, Duration.ofSeconds(5));

    public Logging {
        if (!slow.isPositive()) {
            throw new IllegalArgumentException("log.slow " + slow + " must be positive");
        }
    }
}
