package dev.slipway.core;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How requests wait for a version: in one queue, or in one for each priority, of which a lower one is looked at when
 * those above it have nothing that is in time.
 *
 * @param size requests that may wait; one more is refused
 * @param priorityLevels how many priorities there are, 1 being the highest; 0 for none
 * @param defaultPriority the level of a request that names none, or none of these
 * @param policy for every level that has none of its own
 * @param priorityPolicies policies by level
 */
public record QueueSettings(
        int size, int priorityLevels, int defaultPriority, Policy policy, Map<Integer, Policy> priorityPolicies) {

    public static final QueueSettings DEFAULT = new QueueSettings(1024, 0, 0, Policy.NONE, Map.of());

    private static final int MOST_LEVELS = 64;

    /** What becomes of a request that has waited for too long. */
    public enum TimeoutAction {
        /** It is refused. */
        REJECT,
        /** It waits on, behind all of its level that are in time. */
        DELAY
    }

    /**
     * What holds for the requests of a level.
     *
     * @param size how many of them may wait; 0 for as many as the whole queue takes
     * @param timeout how long one may wait before {@code action} is taken; zero for as long as its deadline lets it
     */
    public record Policy(int size, Duration timeout, TimeoutAction action) {

        public static final Policy NONE = new Policy(0, Duration.ZERO, TimeoutAction.REJECT);

        public Policy {
            Settings.require(size >= 0 && size <= 1_000_000, "queue policy size", size, "between 0 and 1000000");
            Settings.require(
                    !timeout.isNegative() && timeout.compareTo(Duration.ofDays(1)) <= 0,
                    "queue policy timeout",
                    timeout,
                    "between 0 and a day");
        }
    }

    public QueueSettings {
        priorityPolicies = Collections.unmodifiableMap(new TreeMap<>(priorityPolicies));
        Settings.require(size >= 1 && size <= 1_000_000, "queue.size", size, "between 1 and 1000000");
        Settings.require(
                priorityLevels >= 0 && priorityLevels <= MOST_LEVELS,
                "queue.priority_levels",
                priorityLevels,
                "between 0 and " + MOST_LEVELS);
        Settings.require(
                priorityLevels == 0 ? defaultPriority == 0 : defaultPriority >= 1 && defaultPriority <= priorityLevels,
                "queue.default_priority",
                defaultPriority,
                priorityLevels == 0 ? "left out without priority_levels" : "between 1 and " + priorityLevels);
        for (int level : priorityPolicies.keySet()) {
            Settings.require(
                    level >= 1 && level <= priorityLevels,
                    "queue.priority_policies",
                    level,
                    "between 1 and priority_levels, " + priorityLevels);
        }
    }

    /** A queue of so many requests, without priorities. */
    public static QueueSettings of(int size) {
        return new QueueSettings(size, 0, 0, Policy.NONE, Map.of());
    }

    /** The level of a request that asks for this one, counted from 0; 0 where there are no levels. */
    public int level(@Nullable Object asked) {
        long level = asked instanceof Number number ? number.longValue() : 0;
        return Math.max(0, (level >= 1 && level <= priorityLevels ? (int) level : defaultPriority) - 1);
    }

    /** What holds for a level, counted from 0. */
    public Policy policy(int level) {
        return priorityPolicies.getOrDefault(level + 1, policy);
    }
}
