package dev.slipway.cli;

import dev.slipway.core.FailureException;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.SlabPool;
import dev.slipway.core.Tensor;
import dev.slipway.json.Json;
import dev.slipway.json.JsonWriter;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.tasks.TaskForm;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Commands that ask a model something it can answer, made from a sample in its package or an example of its form.
 *
 * @param command the program as it reaches the server
 */
record TrialCommands(String command, String url) {

    private static final int LONGEST = 400;
    private static final int MOST_VALUES = 32;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][\\w.]*");

    /** Commands for a version in memory: of this program, of curl, and of curl over V2. */
    List<String> of(LoadedVersion version, TaskForm form, Samples samples) {
        String model = version.model().name();
        List<String> commands = new ArrayList<>();
        Optional<String> file = samples.image();
        if (file.isPresent()) {
            asking(model, samples, null).ifPresent(commands::add);
            String type = file.get().replaceAll(".*\\.", "").replace("jpg", "jpeg");
            commands.add("curl --data-binary @" + file.get() + " -H 'Content-Type: image/" + type + "' " + url
                    + "/predict/" + model);
            return commands;
        }
        Object example = samples.golden().orElseGet(form::example);
        asking(model, samples, example).ifPresent(commands::add);
        post(Json.write(example), url + "/predict/" + model).ifPresent(commands::add);
        v2(form, example)
                .flatMap(body -> post(body, url + "/v2/models/" + model + "/infer"))
                .ifPresent(commands::add);
        return commands;
    }

    /**
     * The command of this program that asks a model, as plainly as it can be typed; empty where that would be too long.
     *
     * @param example what to send where there is no sample; null where nobody knows
     */
    Optional<String> asking(String model, Samples samples, @Nullable Object example) {
        return samples.image()
                .or(() ->
                        samples.golden().or(() -> Optional.ofNullable(example)).flatMap(TrialCommands::arguments))
                .map(arguments -> command + " predict " + model + " " + arguments);
    }

    private static Optional<String> arguments(Object example) {
        return values(example)
                .or(() -> Optional.of(Json.write(example))
                        .filter(json -> json.length() <= LONGEST && !json.contains("'"))
                        .map(json -> "'" + json + "'"));
    }

    private static Optional<String> values(Object example) {
        return switch (example) {
            case Map<?, ?> body
            when body.size() == 1 && body.get("inputs") instanceof Map<?, ?> tensors -> tensors(tensors);
            case Map<?, ?> row -> pairs(row, List::of);
            case List<?> row -> joined(row, " ");
            default -> Optional.empty();
        };
    }

    /** The elements of the only tensor, or of each under its name. */
    private static Optional<String> tensors(Map<?, ?> tensors) {
        if (tensors.size() == 1) {
            return elements(tensors.values().iterator().next()).flatMap(elements -> joined(elements, " "));
        }
        return pairs(tensors, tensor -> elements(tensor).orElse(List.of()));
    }

    private static Optional<String> pairs(Map<?, ?> members, Function<Object, List<Object>> elements) {
        List<String> pairs = new ArrayList<>();
        for (Map.Entry<?, ?> member : members.entrySet()) {
            String name = String.valueOf(member.getKey());
            Optional<String> values =
                    member.getValue() == null ? Optional.empty() : joined(elements.apply(member.getValue()), ",");
            if (values.isEmpty() || !PLAIN.matcher(name).matches()) {
                return Optional.empty();
            }
            pairs.add(name + "=" + values.get());
        }
        return pairs.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", pairs));
    }

    /** The elements of nested lists; empty where there are many. */
    private static Optional<List<Object>> elements(Object nested) {
        Deque<Object> rest = new ArrayDeque<>(List.of(nested));
        List<Object> elements = new ArrayList<>();
        while (!rest.isEmpty()) {
            Object next = rest.pop();
            if (next instanceof List<?> list) {
                if (list.size() > MOST_VALUES) {
                    return Optional.empty();
                }
                list.reversed().forEach(rest::push);
            } else if (elements.size() < MOST_VALUES) {
                elements.add(next);
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(elements);
    }

    private static Optional<String> joined(Collection<?> values, String between) {
        boolean plain = !values.isEmpty()
                && values.size() <= MOST_VALUES
                && values.stream()
                        .allMatch(value -> value instanceof Number
                                || value instanceof Boolean
                                || (value instanceof String text
                                        && PLAIN.matcher(text).matches()));
        return plain
                ? Optional.of(values.stream()
                        .map(value -> value instanceof String text ? text : Json.write(value))
                        .collect(Collectors.joining(between)))
                : Optional.empty();
    }

    private static Optional<String> post(String json, String to) {
        return json.length() > LONGEST || json.contains("'")
                ? Optional.empty()
                : Optional.of("curl -H 'Content-Type: application/json' -d '" + json + "' " + to);
    }

    /** The example as an Open Inference Protocol V2 request. */
    private static Optional<String> v2(TaskForm form, Object example) {
        try (SlabPool pool = new SlabPool(1 << 28, 0)) {
            List<NamedTensor> tensors = form.decode(example, pool).inputs();
            try {
                JsonWriter json = new JsonWriter().beginObject().name("inputs").beginArray();
                for (NamedTensor tensor : tensors) {
                    write(json, tensor.name(), tensor.tensor());
                }
                return Optional.of(json.endArray().endObject().toString());
            } finally {
                NamedTensor.closeAll(tensors);
            }
        } catch (FailureException e) {
            return Optional.empty();
        }
    }

    private static void write(JsonWriter json, String name, Tensor tensor) {
        json.beginObject().name("name").value(name).name("shape").beginArray();
        for (long dim : tensor.shape().toArray()) {
            json.value(dim);
        }
        json.endArray().name("datatype").value(tensor.dataType().name());
        json.name("data").flat(tensor).endObject();
    }
}
