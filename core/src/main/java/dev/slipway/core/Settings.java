package dev.slipway.core;

import java.time.Duration;

/**
 * How a version is run. Not part of the version: settings have revisions of their own.
 *
 * @param instances how many runs may go on at once; 0 lets Slipway choose
 * @param intraOpThreads threads that one run may use inside the engine; 0 lets Slipway choose
 * @param optimization how far the engine optimises the graph when it loads
 * @param memoryLimit the most the engine's arena may take for this version
 * @param queueSize requests that may wait; one more is refused
 * @param timeout how long a request may take when it brings no deadline of its own
 */
public record Settings(
        Batching batching,
        int instances,
        int intraOpThreads,
        Optimization optimization,
        DataSize memoryLimit,
        int queueSize,
        Duration timeout) {

    public static final Settings DEFAULT = new Settings(
            new Batching(32, Duration.ZERO),
            0,
            0,
            Optimization.ALL,
            DataSize.ofMebibytes(1024),
            1024,
            Duration.ofSeconds(60));

    /** ONNX Runtime's words for how far a graph is optimised. */
    public enum Optimization {
        NONE,
        BASIC,
        EXTENDED,
        ALL
    }

    /**
     * How requests are run together.
     *
     * @param maxSize the most rows in one run; 1 turns batching off
     * @param maxDelay how long a request may wait for others; zero takes only what already waits
     */
    public record Batching(int maxSize, Duration maxDelay) {
        public Batching {
            require(maxSize >= 1 && maxSize <= 65_536, "batching.max_size", maxSize, "between 1 and 65536");
            require(
                    !maxDelay.isNegative() && maxDelay.compareTo(Duration.ofSeconds(10)) <= 0,
                    "batching.max_delay",
                    maxDelay,
                    "between 0 and 10 seconds");
        }
    }

    public Settings {
        require(instances >= 0 && instances <= 256, "instances", instances, "between 0 (auto) and 256");
        require(
                intraOpThreads >= 0 && intraOpThreads <= 256,
                "intra_op_threads",
                intraOpThreads,
                "between 0 (auto) and 256");
        require(memoryLimit.bytes() >= 1 << 20, "memory_limit", memoryLimit, "at least 1MiB");
        require(queueSize >= 1 && queueSize <= 1_000_000, "queue_size", queueSize, "between 1 and 1000000");
        require(
                timeout.isPositive() && timeout.compareTo(Duration.ofDays(1)) <= 0,
                "timeout",
                timeout,
                "positive and at most a day");
    }

    private static void require(boolean holds, String key, Object given, String rule) {
        if (!holds) {
            throw new FailureException(
                    Failure.BadInput.of("setting " + key + ": " + given + " given, must be " + rule));
        }
    }
}
