package dev.slipway.server.config;

import java.time.Duration;

/**
 * How long the server waits for others.
 *
 * @param idle for the next request of a connection
 * @param request for the rest of a request that has begun; a long body gets a second more for each 16 KiB that came
 * @param write for a client to take any more of its answer
 * @param drain for requests to be answered when the server stops
 */
public record Timeouts(Duration idle, Duration request, Duration write, Duration drain) {

    public static final Timeouts DEFAULT = new Timeouts(
            Duration.ofSeconds(75), Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30));

    public Timeouts {
        require("timeouts.idle", idle);
        require("timeouts.request", request);
        require("timeouts.write", write);
        require("timeouts.drain", drain);
    }

    private static void require(String key, Duration duration) {
        if (!duration.isPositive() || duration.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(key + " " + duration + " must be positive and at most a day");
        }
    }
}
