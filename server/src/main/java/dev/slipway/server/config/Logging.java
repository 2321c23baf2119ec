package dev.slipway.server.config;

import java.time.Duration;

/**
 * What the server logs besides errors.
 *
 * @param access whether every request gets a line; lines are dropped rather than waited for
 * @param slow requests that take longer get a line, with where the time went
 */
public record Logging(boolean access, Duration slow) {

    public static final Logging DEFAULT = new Logging(false, Duration.ofSeconds(5));

    public Logging {
        if (!slow.isPositive()) {
            throw new IllegalArgumentException("log.slow " + slow + " must be positive");
        }
    }
}
