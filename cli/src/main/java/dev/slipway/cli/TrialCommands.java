package dev.slipway.cli;

import dev.slipway.core.FailureException;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.SlabPool;
import dev.slipway.core.Tensor;
import dev.slipway.json.Json;
import dev.slipway.json.JsonWriter;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.tasks.TaskForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Commands that ask a model something it can answer, made from a sample in its package or the example of its form.
 *
 * @param command the program as it reaches the server
 */
record TrialCommands(String command, String url, ServedSamples samples) {

    private static final int LONGEST = 400;

    List<String> of(LoadedVersion version, TaskForm form) {
        String model = version.model().name();
        List<String> commands = new ArrayList<>();
        Optional<String> file = samples.image(model);
        if (file.isPresent()) {
            commands.add(command + " predict " + model + " " + file.get());
            commands.add(
                    "curl --data-binary @" + file.get() + " -H 'Content-Type: image/png' " + url + "/predict/" + model);
            return commands;
        }
        Object example = samples.golden(model, version.manifest()).orElseGet(form::example);
        values(example).ifPresent(values -> commands.add(command + " predict " + model + " " + values));
        post(Json.write(example), url + "/predict/" + model).ifPresent(commands::add);
        v2(form, example)
                .flatMap(body -> post(body, url + "/v2/models/" + model + "/infer"))
                .ifPresent(commands::add);
        return commands;
    }

    /** A row of plain values as arguments. */
    private static Optional<String> values(Object example) {
        List<?> values = switch (example) {
            case Map<?, ?> map -> List.copyOf(map.values());
            case List<?> list -> list;
            default -> List.of();
        };
        return !values.isEmpty() && values.stream().allMatch(Number.class::isInstance)
                ? Optional.of(String.join(" ", values.stream().map(Json::write).toList()))
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
