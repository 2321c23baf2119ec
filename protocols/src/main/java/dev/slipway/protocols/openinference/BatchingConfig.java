package dev.slipway.protocols.openinference;

import dev.slipway.core.QueueSettings;
import dev.slipway.core.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code ModelDynamicBatching} says. A request's own time-out always holds, whatever
 * {@code allow_timeout_override} says.
 */
final class BatchingConfig {

    private static final int MOST_MICROS = 10_000_000;
    private static final int MOST_ROWS = 65_536;
    private static final int MOST_WAITING = 1_000_000;
    private static final int MOST_LEVELS = 64;

    private @Nullable Duration maxDelay;
    private @Nullable List<Integer> preferredSizes;
    private @Nullable Integer priorityLevels;
    private @Nullable Integer defaultPriority;
    private QueueSettings.@Nullable Policy policy;
    private final Map<Integer, QueueSettings.Policy> policies = new TreeMap<>();

    private BatchingConfig() {}

    static BatchingConfig read(Map<?, ?> given) {
        BatchingConfig config = new BatchingConfig();
        given.forEach((key, value) -> config.member(String.valueOf(key), value));
        return config;
    }

    private void member(String key, @Nullable Object value) {
        String name = "dynamic_batching." + key;
        switch (key) {
            case "max_queue_delay_microseconds" -> maxDelay = micros(name, value, MOST_MICROS);
            case "preferred_batch_size" -> preferredSizes = sizes(name, value);
            case "priority_levels" -> priorityLevels = ConfigMembers.number(name, value, MOST_LEVELS);
            case "default_priority_level" -> defaultPriority = ConfigMembers.number(name, value, MOST_LEVELS);
            case "default_queue_policy" -> policy = policy(name, ConfigMembers.object(name, value));
            case "priority_queue_policy" ->
                ConfigMembers.object(name, value).forEach((level, given) -> {
                    String inner = name + "." + level;
                    policies.put(
                            ConfigMembers.level(inner, level, MOST_LEVELS),
                            policy(inner, ConfigMembers.object(inner, given)));
                });
            default -> ConfigMembers.require(name, value, Set.of());
        }
    }

    private static List<Integer> sizes(String name, @Nullable Object value) {
        return ConfigMembers.list(name, value).stream()
                .map(size -> ConfigMembers.number(name, size, MOST_ROWS))
                .toList();
    }

    private static Duration micros(String name, @Nullable Object value, int most) {
        return Duration.ofNanos(1000L * ConfigMembers.number(name, value, most));
    }

    private static QueueSettings.Policy policy(String name, Map<?, ?> given) {
        int size = 0;
        Duration timeout = Duration.ZERO;
        QueueSettings.TimeoutAction action = QueueSettings.TimeoutAction.REJECT;
        for (Map.Entry<?, ?> member : given.entrySet()) {
            String inner = name + "." + member.getKey();
            Object value = member.getValue();
            switch (String.valueOf(member.getKey())) {
                case "max_queue_size" -> size = ConfigMembers.number(inner, value, MOST_WAITING);
                case "default_timeout_microseconds" -> timeout = micros(inner, value, Integer.MAX_VALUE);
                case "timeout_action" -> {
                    ConfigMembers.require(inner, value, Set.of("REJECT", "DELAY"));
                    action = "DELAY".equals(value)
                            ? QueueSettings.TimeoutAction.DELAY
                            : QueueSettings.TimeoutAction.REJECT;
                }
                case "allow_timeout_override" -> ConfigMembers.require(inner, value, Set.of(true));
                default -> ConfigMembers.require(inner, value, Set.of());
            }
        }
        return new QueueSettings.Policy(size, timeout, action);
    }

    /** These settings, as far as this says nothing else. */
    Settings over(Settings settings, int maxSize) {
        Settings.Batching batching = settings.batching();
        List<Integer> kept = batching.preferredSizes().stream()
                .filter(size -> size <= maxSize)
                .toList();
        return settings.withBatching(new Settings.Batching(
                        maxSize,
                        maxDelay == null ? batching.maxDelay() : maxDelay,
                        preferredSizes == null ? kept : preferredSizes))
                .withQueue(over(settings.queue()));
    }

    private QueueSettings over(QueueSettings queue) {
        int levels = priorityLevels == null ? queue.priorityLevels() : priorityLevels;
        boolean same = levels == queue.priorityLevels();
        Map<Integer, QueueSettings.Policy> all = new TreeMap<>(same ? queue.priorityPolicies() : Map.of());
        all.putAll(policies);
        int otherwise = same ? queue.defaultPriority() : levels;
        return new QueueSettings(
                queue.size(),
                levels,
                defaultPriority == null || levels == 0 ? otherwise : defaultPriority,
                policy == null ? queue.policy() : policy,
                all);
    }
}
