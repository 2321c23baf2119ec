package dev.slipway.protocols.openinference;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Quoted;
import dev.slipway.json.Json;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The members of a {@code ModelConfig} as JSON, and the refusals of those that do not fit. */
final class ConfigMembers {

    private ConfigMembers() {}

    static List<?> list(String name, @Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw InputCheck.plain("parameter 'config': " + Quoted.of(name) + " must be a list");
    }

    /** A key of a map by levels, which JSON writes as text. */
    static int level(String name, @Nullable Object key, int most) {
        String text = String.valueOf(key);
        return number(name, text.matches("[0-9]{1,9}") ? Long.valueOf(text) : null, most);
    }

    static Map<?, ?> object(String name, @Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            return members;
        }
        throw InputCheck.plain("parameter 'config': " + Quoted.of(name) + " must be an object");
    }

    static int number(String name, @Nullable Object value, int most) {
        if (value instanceof Long number && number >= 0 && number <= most) {
            return number.intValue();
        }
        throw InputCheck.plain(
                "parameter 'config': " + Quoted.of(name) + " must be a whole number between 0 and " + most);
    }

    static void require(String name, @Nullable Object value, Set<?> supported) {
        if (value != null && !empty(value) && !supported.contains(value)) {
            throw fixed(name, value);
        }
    }

    static FailureException fixed(String name, @Nullable Object value) {
        return new FailureException(new Failure.Unsupported("parameter 'config': " + Quoted.of(name)
                + " cannot be set to " + Quoted.shortened(Json.write(value))
                + ", it follows from the model; max_batch_size,"
                + " dynamic_batching, instance_group.count and response_cache.enable can be set"));
    }

    /** Whether a value is what a message holds where nothing was set. */
    private static boolean empty(Object value) {
        return switch (value) {
            case String text -> text.isEmpty();
            case Long number -> number == 0;
            case Boolean bool -> !bool;
            case Collection<?> elements -> elements.isEmpty();
            case Map<?, ?> members -> members.isEmpty();
            default -> false;
        };
    }
}
