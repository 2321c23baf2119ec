package dev.slipway.protocols.openinference;

import dev.slipway.core.Deadline;
import dev.slipway.core.Quoted;
import dev.slipway.json.JsonReader;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code parameters} of a request.
 *
 * @param others what the model gets: strings, whole numbers, numbers and booleans
 * @param timeout from {@code timeout}, microseconds
 * @param binaryOutput from {@code binary_data_output}
 */
record RequestParameters(
        Map<String, Object> others, @Nullable Deadline timeout, boolean binaryOutput) {

    private static final long LONGEST_MICROS = Duration.ofDays(1).toNanos() / 1000;

    static RequestParameters read(JsonReader json) {
        Map<String, Object> others = new LinkedHashMap<>();
        Deadline timeout = null;
        boolean binaryOutput = false;
        Members.object(json, "parameters");
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            MessageLimits.PARAMETERS.requireRoom(others.size());
            switch (name) {
                case "binary_data_output" -> binaryOutput = Members.bool(json, name);
                case "timeout" -> timeout = timeout(Members.unsigned(json, name));
                case "priority" -> others.put(name, Members.unsigned(json, name));
                case "sequence_start", "sequence_end" -> others.put(name, Members.bool(json, name));
                case "sequence_id" -> others.put(name, sequence(json));
                default -> others.put(name, value(json, name));
            }
        }
        return new RequestParameters(others, timeout, binaryOutput);
    }

    private static @Nullable Deadline timeout(long micros) {
        return micros == 0 ? null : Deadline.after(Duration.ofNanos(1000 * Math.min(micros, LONGEST_MICROS)));
    }

    private static Object sequence(JsonReader json) {
        return switch (json.peek()) {
            case NUMBER -> Members.unsigned(json, "sequence_id");
            default -> Members.string(json, "sequence_id");
        };
    }

    private static Object value(JsonReader json, String name) {
        if (name.startsWith("triton_")) {
            throw InputCheck.plain("parameter keys starting with 'triton_' are reserved for Triton usage and should"
                    + " not be specified.");
        }
        return switch (json.peek()) {
            case STRING, NUMBER, TRUE, FALSE -> {
                Object value = json.value();
                yield value == null ? "" : value;
            }
            default ->
                throw InputCheck.plain("parameter " + Quoted.of(name)
                        + " has invalid type. It should be either 'int', 'bool', or 'string'.");
        };
    }
}
