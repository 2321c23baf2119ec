package dev.slipway.deployment;

import dev.slipway.core.DataType;
import dev.slipway.core.FailureException;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.NearName;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorLease;
import dev.slipway.json.Json;
import dev.slipway.json.JsonReader;
import dev.slipway.json.JsonWriter;
import dev.slipway.tasks.TaskForm.Decoded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A line of a golden file: an input in the task's form or as a V2 request, and the answer that it must get.
 *
 * @param number counted from 1
 */
record GoldenLine(long number, Object input, Object output, AnswerDifference tolerance) {

    private static final Set<String> KEYS = Set.of("input", "output", "atol", "rtol");
    private static final List<String> TENSOR_KEYS = List.of("name", "shape", "datatype", "parameters", "data");

    static List<GoldenLine> read(Path file) {
        List<GoldenLine> lines = new ArrayList<>();
        try {
            long number = 0;
            for (String text : Files.readAllLines(file)) {
                number++;
                if (!text.isBlank()) {
                    lines.add(parse(file.getFileName() + ", line " + number, number, text));
                }
            }
        } catch (IOException e) {
            throw new FailureException(
                    new dev.slipway.core.Failure.BadInput(
                            "checks.golden: " + file.getFileName() + " cannot be read: " + e.getMessage(),
                            true,
                            List.of()),
                    e);
        }
        if (lines.isEmpty()) {
            throw Trial.refused("checks.golden: " + file.getFileName() + " has no line");
        }
        return lines;
    }

    private static GoldenLine parse(String where, long number, String text) {
        Object document;
        try {
            document = Json.parse(text);
        } catch (FailureException e) {
            throw new FailureException(
                    dev.slipway.core.Failure.BadInput.of(
                            where + ": " + e.failure().detail()),
                    e);
        }
        if (!(document instanceof Map<?, ?> members)) {
            throw Trial.refused(where + ": an object with 'input' and 'output' expected");
        }
        for (Object key : members.keySet()) {
            if (!KEYS.contains(String.valueOf(key))) {
                throw Trial.refused(where + ": unknown key '" + key + "', known are input, output, atol and rtol");
            }
        }
        Object input = members.get("input");
        Object output = members.get("output");
        if (input == null || output == null) {
            throw Trial.refused(where + ": 'input' and 'output' are both needed");
        }
        requireTensors(where + ": input", input, "inputs");
        requireTensors(where + ": output", output, "outputs");
        requireExpectation(where + ": output", output);
        try {
            return new GoldenLine(
                    number,
                    input,
                    output,
                    new AnswerDifference(
                            tolerance(where, "atol", members.get("atol"), 1e-5),
                            tolerance(where, "rtol", members.get("rtol"), 1e-4),
                            !members.containsKey("atol") && !members.containsKey("rtol")));
        } catch (IllegalArgumentException e) {
            throw Trial.refused(where + ": " + e.getMessage());
        }
    }

    /** Refuses tensors of V2 that lack what they are compared or made by, so that a slip of the pen never passes. */
    private static void requireTensors(String where, Object document, String key) {
        Set<Object> names = new HashSet<>();
        for (Object element : listed(document, key)) {
            if (!(element instanceof Map<?, ?> tensor)
                    || !(tensor.get("name") instanceof String name)
                    || !(tensor.get("data") instanceof List<?>)) {
                throw Trial.refused(
                        where + ": each of '" + key + "' needs 'name' and 'data', given is " + Json.write(element));
            }
            for (Object member : tensor.keySet()) {
                if (!TENSOR_KEYS.contains(String.valueOf(member))) {
                    throw Trial.refused(where + " '" + name + "': "
                            + NearName.rule("key", String.valueOf(member), TENSOR_KEYS) + ", got '" + member + "'");
                }
            }
            if (!names.add(name)) {
                throw Trial.refused(where + " '" + name + "' comes twice");
            }
        }
    }

    /** Refuses an expectation that every answer meets. */
    private static void requireExpectation(String where, @Nullable Object expected) {
        if (expected instanceof Map<?, ?> members) {
            if (members.isEmpty()) {
                throw Trial.refused(where + ": an empty object expects nothing, say what the answer must be");
            }
            members.forEach((name, member) -> {
                if (!name.equals("parameters")) {
                    requireExpectation(where + "." + name, member);
                }
            });
        } else if (expected instanceof List<?> elements) {
            elements.forEach(element -> requireExpectation(where, element));
        }
    }

    private static double tolerance(String where, String key, @Nullable Object given, double otherwise) {
        return switch (given) {
            case null -> otherwise;
            case Number number -> number.doubleValue();
            case Object other -> throw Trial.refused(where + ": " + key + " must be a number, got " + other);
        };
    }

    Decoded decode(Trial trial) {
        List<Map<?, ?>> tensors = tensors(input, "inputs");
        if (tensors.isEmpty()) {
            return trial.decode("application/json", Json.write(input));
        }
        List<NamedTensor> decoded = new ArrayList<>();
        try {
            for (Map<?, ?> tensor : tensors) {
                decoded.add(tensor(trial, tensor));
            }
        } catch (RuntimeException e) {
            NamedTensor.closeAll(decoded);
            throw e;
        }
        return new Decoded(decoded, 1, false);
    }

    private static NamedTensor tensor(Trial trial, Map<?, ?> document) {
        String name = String.valueOf(document.get("name"));
        String given = String.valueOf(document.get("datatype"));
        DataType dataType = DataType.of(given)
                .orElseThrow(() -> Trial.refused("input '" + name + "': datatype '" + given + "' is none of V2's"));
        if (!(document.get("shape") instanceof List<?> dims)) {
            throw Trial.refused("input '" + name + "': a shape is needed");
        }
        long[] shape = dims.stream()
                .mapToLong(dim -> dim instanceof Long size && size >= 0 ? size : -1)
                .toArray();
        try (TensorLease text = trial.text(Json.write(document.get("data")))) {
            JsonReader reader = new JsonReader(text.tensor().data());
            return new NamedTensor(
                    name, reader.tensor("input '" + name + "'", dataType, Shape.of(shape), trial.pool()));
        } catch (IllegalArgumentException e) {
            throw Trial.refused("input '" + name + "': " + e.getMessage());
        }
    }

    /** What {@link #output} is compared with: the answer in the same form, by tensor name where it lists tensors. */
    Object given(Trial trial, Decoded decoded, dev.slipway.core.InferenceResponse response) {
        if (tensors(output, "outputs").isEmpty()) {
            Object answer = Json.parse(Json.write(trial.form().encode(decoded, response, Map.of())));
            return answer == null ? Map.of() : answer;
        }
        Map<String, Object> byName = new LinkedHashMap<>();
        for (NamedTensor tensor : response.outputs()) {
            Object data = Json.parse(new JsonWriter().flat(tensor.tensor()).toString());
            List<Object> shape = new ArrayList<>();
            for (long dim : tensor.tensor().shape().toArray()) {
                shape.add(dim);
            }
            byName.put(
                    tensor.name(),
                    Map.of(
                            "shape",
                            shape,
                            "datatype",
                            tensor.tensor().dataType().name(),
                            "data",
                            data == null ? List.of() : data));
        }
        return byName;
    }

    /** The expected answer, V2 outputs as an object by name. */
    Object expected() {
        List<Map<?, ?>> tensors = tensors(output, "outputs");
        if (tensors.isEmpty()) {
            return output;
        }
        Map<String, Object> byName = new LinkedHashMap<>();
        for (Map<?, ?> tensor : tensors) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            tensor.forEach((key, value) ->
                    members.put(String.valueOf(key), key.equals("data") ? flat(value, new ArrayList<>()) : value));
            members.remove("name");
            members.remove("parameters");
            byName.put(String.valueOf(tensor.get("name")), members);
        }
        return byName;
    }

    private static List<@Nullable Object> flat(@Nullable Object value, List<@Nullable Object> into) {
        if (value instanceof List<?> elements) {
            elements.forEach(element -> flat(element, into));
        } else {
            into.add(value);
        }
        return into;
    }

    /** The tensors of a V2 document, which has a list of them; none of a document of the task's form. */
    private static List<Map<?, ?>> tensors(Object document, String key) {
        List<Map<?, ?>> tensors = new ArrayList<>();
        for (Object element : listed(document, key)) {
            if (element instanceof Map<?, ?> tensor) {
                tensors.add(tensor);
            }
        }
        return tensors;
    }

    private static List<?> listed(Object document, String key) {
        return document instanceof Map<?, ?> members && members.get(key) instanceof List<?> list ? list : List.of();
    }
}
