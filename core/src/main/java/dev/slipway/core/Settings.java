package dev.slipway.core;

import java.time.Duration;
import java.util.List;

/**
 * How a version is run. Not part of the version: settings have revisions of their own.
 *
 * @param queue how requests wait
 * @param instances how many runs may go on at once; 0 lets Slipway choose
 * @param intraOpThreads threads that one run may use inside the engine; 0 lets Slipway choose
 * @param optimization how far the engine optimises the graph when it loads
 * @param memoryLimit the most the engine's arena may take for this version
 * @param timeout how long a request may take when it brings no deadline of its own
 * @param cache whether answers are kept for requests with the same inputs
 */
public record Settings(
        Batching batching,
        QueueSettings queue,
        int instances,
        int intraOpThreads,
        Optimization optimization,
        DataSize memoryLimit,
        Duration timeout,
        boolean cache) {

    public static final Settings DEFAULT = new Settings(
            new Batching(32, Duration.ZERO, List.of()),
            QueueSettings.DEFAULT,
            0,
            0,
            Optimization.ALL,
            DataSize.ofMebibytes(1024),
            Duration.ofSeconds(60),
            false);

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
     * @param preferredSizes rows that suit the model well, from small to large: a run takes the most of them that wait, and
     *     nothing waits longer once there are as many as one of them
     */
    public record Batching(int maxSize, Duration maxDelay, List<Integer> preferredSizes) {
        public Batching {
            preferredSizes = preferredSizes.stream().distinct().sorted().toList();
            require(maxSize >= 1 && maxSize <= 65_536, "batching.max_size", maxSize, "between 1 and 65536");
            require(
                    !maxDelay.isNegative() && maxDelay.compareTo(Duration.ofSeconds(10)) <= 0,
                    "batching.max_delay",
                    maxDelay,
                    "between 0 and 10 seconds");
            for (int size : preferredSizes) {
                require(
                        size >= 1 && size <= maxSize,
                        "batching.preferred_sizes",
                        size,
                        "between 1 and max_size, " + maxSize);
            }
        }

        /** The largest preferred number of rows that so many make up, or 0. */
        public int preferred(long rows) {
            int preferred = 0;
            for (int i = 0; i < preferredSizes.size() && preferredSizes.get(i) <= rows; i++) {
                preferred = preferredSizes.get(i);
            }
            return preferred;
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
        require(
                timeout.isPositive() && timeout.compareTo(Duration.ofDays(1)) <= 0,
                "timeout",
                timeout,
                "positive and at most a day");
    }

    public Settings withBatching(Batching batching) {
        return new Settings(batching, queue, instances, intraOpThreads, optimization, memoryLimit, timeout, cache);
    }

    public Settings withQueue(QueueSettings queue) {
        return new Settings(batching, queue, instances, intraOpThreads, optimization, memoryLimit, timeout, cache);
    }

    /** The same with so many runs at once, and so many threads in each. */
    public Settings withParallelism(int instances, int intraOpThreads) {
        return new Settings(batching, queue, instances, intraOpThreads, optimization, memoryLimit, timeout, cache);
    }

    /** The same with answers kept or not. */
    public Settings withCache(boolean cache) {
        return new Settings(batching, queue, instances, intraOpThreads, optimization, memoryLimit, timeout, cache);
    }

    static void require(boolean holds, String key, Object given, String rule) {
        if (!holds) {
            throw new FailureException(
                    Failure.BadInput.of("setting " + key + ": " + given + " given, must be " + rule));
        }
    }
}
