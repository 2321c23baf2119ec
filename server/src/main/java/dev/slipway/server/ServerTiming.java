package dev.slipway.server;

import dev.slipway.core.InferenceResponse;

/** Where the time of an answer went, as the header {@code Server-Timing} says it. */
final class ServerTiming {

    private ServerTiming() {}

    /** {@code queue;dur=0.012, compute;dur=1.500}: milliseconds. */
    static String of(InferenceResponse.Timing timing) {
        return "queue;dur=" + millis(timing.queueNanos()) + ", compute;dur=" + millis(timing.computeNanos());
    }

    private static String millis(long nanos) {
        long micros = nanos / 1000;
        return micros / 1000 + "." + Long.toString(1000 + micros % 1000).substring(1);
    }
}
