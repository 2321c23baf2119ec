package dev.slipway.serving;

import dev.slipway.core.DataSize;
import java.time.Duration;

/**
 * How much the data plane may take.
 *
 * @param cores what runs share: instances times intra-op threads stay within it
 * @param maxRuns the most runs at once over all versions; the first run of a version may exceed {@code cores}, so that a
 *     heavy model does not starve a tiny one, but nothing exceeds this
 * @param queueBytes the most that the inputs of all waiting requests may hold together; one that holds more waits alone
 * @param retryAfter when a refused caller may come again
 * @param drainPatience how long a version that leaves may take before it is called overdue, and one that comes may wait
 *     for room in memory
 * @param loadPatience how long an engine may take to open a version before it is given up
 * @param shadowRequests the most copies for a shadow that may be under way per version that is a shadow; more are dropped
 * @param modelMemory the most native memory that models may hold together; those that nobody needs leave for others
 * @param cacheMemory the most bytes of answers kept for requests that come again
 */
public record ServingConfig(
        int cores,
        int maxRuns,
        DataSize queueBytes,
        Duration retryAfter,
        Duration drainPatience,
        Duration loadPatience,
        int shadowRequests,
        DataSize modelMemory,
        DataSize cacheMemory) {

    public ServingConfig {
        require(cores >= 1 && cores <= 4096, "cores", cores, "between 1 and 4096");
        require(maxRuns >= cores && maxRuns <= 16_384, "maxRuns", maxRuns, "at least cores and at most 16384");
        require(queueBytes.bytes() >= 1 << 10, "queueBytes", queueBytes, "at least 1KiB");
        require(!retryAfter.isNegative(), "retryAfter", retryAfter, "zero or more");
        require(!drainPatience.isNegative(), "drainPatience", drainPatience, "zero or more");
        require(loadPatience.isPositive(), "loadPatience", loadPatience, "positive");
        require(modelMemory.bytes() >= 1 << 20, "modelMemory", modelMemory, "at least 1MiB");
        require(shadowRequests >= 0, "shadowRequests", shadowRequests, "zero or more");
    }

    /** The defaults for a machine of this many cores, without a limit to the memory of models. */
    public static ServingConfig forCores(int cores) {
        return new ServingConfig(
                cores,
                Math.max(16, 4 * cores),
                DataSize.ofMebibytes(256),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                64,
                new DataSize(Long.MAX_VALUE),
                DataSize.ofMebibytes(64));
    }

    /** The same with another limit to the memory of models. */
    public ServingConfig with(DataSize memory) {
        return new ServingConfig(
                cores,
                maxRuns,
                queueBytes,
                retryAfter,
                drainPatience,
                loadPatience,
                shadowRequests,
                memory,
                cacheMemory);
    }

    /** The same with another limit to the answers that are kept. */
    public ServingConfig withCache(DataSize memory) {
        return new ServingConfig(
                cores,
                maxRuns,
                queueBytes,
                retryAfter,
                drainPatience,
                loadPatience,
                shadowRequests,
                modelMemory,
                memory);
    }

    private static void require(boolean holds, String what, Object given, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(what + " is " + given + ", must be " + rule);
        }
    }
}
