package dev.slipway.core;

import java.time.Duration;

/**
 * A moment after which nobody waits for the answer.
 *
 * @param nanoTime the moment, on the scale of {@link System#nanoTime}
 */
public record Deadline(long nanoTime) {

    public static Deadline after(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /** The nanoseconds left; negative when it has passed. */
    public long remainingNanos() {
        return nanoTime - System.nanoTime();
    }

    public Deadline earlier(Deadline other) {
        return nanoTime - other.nanoTime <= 0 ? this : other;
    }
}
