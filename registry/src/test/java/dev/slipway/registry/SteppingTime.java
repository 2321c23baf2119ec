package dev.slipway.registry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is told to go on. */
final class SteppingTime implements InstantSource {

    private Instant now = Instant.parse("2026-03-01T10:00:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    Instant step(Duration by) {
        now = now.plus(by);
        return now;
    }
}
