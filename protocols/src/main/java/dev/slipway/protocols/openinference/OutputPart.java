package dev.slipway.protocols.openinference;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.json.JsonReader;
import org.jspecify.annotations.Nullable;

/**
 * One element of {@code outputs}.
 *
 * @param binary null where it is left to the request
 */
record OutputPart(String name, @Nullable Boolean binary, long classes) {

    static OutputPart read(JsonReader json) {
        String name = null;
        Boolean binary = null;
        long classes = 0;
        Members.object(json, "outputs");
        for (String member = json.nextName(); member != null; member = json.nextName()) {
            switch (member) {
                case "name" -> name = Members.string(json, "name");
                case "parameters" -> {
                    Members.object(json, "parameters");
                    for (String parameter = json.nextName(); parameter != null; parameter = json.nextName()) {
                        switch (parameter) {
                            case "binary_data" -> binary = Members.bool(json, "binary_data");
                            case "classification" -> classes = Members.unsigned(json, "classification");
                            case "shared_memory_region" ->
                                throw new FailureException(
                                        new Failure.Unsupported("shared memory is not supported for outputs"));
                            default -> json.skip();
                        }
                    }
                }
                default -> json.skip();
            }
        }
        if (name == null) {
            throw Members.missing("name");
        }
        return new OutputPart(name, binary, classes);
    }
}
