package dev.slipway.packages;

import dev.slipway.core.Durations;
import dev.slipway.core.QueueSettings;
import dev.slipway.core.QueueSettings.Policy;
import dev.slipway.core.QueueSettings.TimeoutAction;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The settings of a queue under their keys; what only priorities or time-outs need is left out without them. */
final class QueueDocument {

    private static final List<String> KEYS =
            List.of("size", "priority_levels", "default_priority", "policy", "priority_policies");
    private static final List<String> POLICY_KEYS = List.of("size", "timeout", "timeout_action");
    private static final List<String> ACTIONS = Arrays.stream(TimeoutAction.values())
            .map(value -> value.name().toLowerCase(Locale.ROOT))
            .toList();

    private QueueDocument() {}

    static Map<String, Object> write(QueueSettings queue) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("size", queue.size());
        if (queue.priorityLevels() > 0) {
            document.put("priority_levels", queue.priorityLevels());
            document.put("default_priority", queue.defaultPriority());
        }
        if (!queue.policy().equals(Policy.NONE)) {
            document.put("policy", write(queue.policy()));
        }
        if (!queue.priorityPolicies().isEmpty()) {
            Map<String, Object> policies = new LinkedHashMap<>();
            queue.priorityPolicies().forEach((level, policy) -> policies.put(level.toString(), write(policy)));
            document.put("priority_policies", policies);
        }
        return document;
    }

    private static Map<String, Object> write(Policy policy) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("size", policy.size());
        document.put("timeout", Durations.write(policy.timeout()));
        document.put("timeout_action", policy.action().name().toLowerCase(Locale.ROOT));
        return document;
    }

    static QueueSettings read(Fields fields, QueueSettings base) {
        fields.only(KEYS);
        int levels = fields.whole("priority_levels", base.priorityLevels());
        boolean sameLevels = levels == base.priorityLevels();
        Map<Integer, Policy> policies = new TreeMap<>(sameLevels ? base.priorityPolicies() : Map.of());
        fields.sections("priority_policies", (key, policy) -> {
            if (key.matches("[1-9][0-9]{0,5}")) {
                int level = Integer.parseInt(key);
                policies.put(level, policy(policy, policies.getOrDefault(level, Policy.NONE)));
            } else {
                fields.fault("priority_policies", "must be levels, such as 1", "'" + key + "'");
            }
        });
        return new QueueSettings(
                fields.whole("size", base.size()),
                levels,
                fields.whole("default_priority", sameLevels ? base.defaultPriority() : levels),
                policy(fields.sectionAt("policy"), base.policy()),
                policies);
    }

    private static Policy policy(Fields fields, Policy base) {
        fields.only(POLICY_KEYS);
        Duration timeout = fields.duration("timeout");
        return new Policy(
                fields.whole("size", base.size()),
                timeout == null ? base.timeout() : timeout,
                fields.oneOf("timeout_action", ACTIONS)
                        .map(name -> TimeoutAction.valueOf(name.toUpperCase(Locale.ROOT)))
                        .orElse(base.action()));
    }
}
