package dev.slipway.protocols.slipway;

import dev.slipway.core.Signature;
import dev.slipway.core.TensorSpec;
import dev.slipway.deployment.Deployments;
import dev.slipway.deployment.VersionView;
import dev.slipway.json.Json;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.tasks.TaskForm;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Bodies to try, in the documents of versions that can answer them. */
final class Examples {

    private static final int MOST_PARTS = 200;

    private Examples() {}

    /** Adds the example of a version's form as {@code example}, where the version answers and its example is small. */
    static void put(Map<String, @Nullable Object> document, Deployments deployments, VersionView version) {
        LoadedVersion loaded = version.loaded();
        if (loaded != null) {
            Object example = of(deployments.form(loaded), MOST_PARTS);
            if (example != null) {
                document.put("example", example);
            }
        }
    }

    /** The example of a form, null where it has more values than {@code most}. */
    static @Nullable Object of(TaskForm form, int most) {
        Object example = form.example();
        return parts(example, most) > 0 ? example : null;
    }

    /** How a body is made that is too large to be shown. */
    static String insteadOf(Signature signature) {
        List<TensorSpec> inputs =
                signature.inputs().stream().filter(input -> !input.optional()).toList();
        String members = inputs.stream()
                .map(input -> Json.write(input.name()) + ": ...")
                .collect(Collectors.joining(", ", "{\"inputs\": {", "}}"));
        return "Too large to be shown here: a body is " + members + " with lists nested as "
                + inputs.stream().map(TensorSpec::toString).collect(Collectors.joining(", ")) + " says.";
    }

    /** What is left of so many parts after those of a value; none are counted beyond them. */
    private static int parts(@Nullable Object value, int left) {
        int rest = left - 1;
        Iterable<?> inner =
                value instanceof Map<?, ?> map ? map.values() : value instanceof Iterable<?> list ? list : List.of();
        for (Object part : inner) {
            if (rest <= 0) {
                return 0;
            }
            rest = parts(part, rest);
        }
        return rest;
    }
}
