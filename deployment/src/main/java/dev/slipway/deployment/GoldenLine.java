package dev.slipway.deployment;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.NamedTensor;
import dev.slipway.json.Json;
import dev.slipway.json.JsonFailure;
import dev.slipway.json.JsonReader;
import dev.slipway.json.JsonReader.Token;
import dev.slipway.json.JsonWriter;
import dev.slipway.tasks.TaskForm.Decoded;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A line of a golden file: an input in the task's form or as a V2 request, and the answer that it must get. Both stay
 * text in the file until they are used, and inputs go from there into tensors: however large, they take no heap.
 *
 * @param number counted from 1
 */
record GoldenLine(long number, MemorySegment input, MemorySegment output, AnswerDifference tolerance) {

    /** The most values of an answer, which is compared as a tree. */
    static final int MOST_VALUES = 1_000_000;

    private static final int MOST_LINES = 100_000;

    /** Reads a file, which must not change while the arena is open. */
    static List<GoldenLine> read(Path file, Arena arena) {
        MemorySegment text;
        try (FileChannel channel = FileChannel.open(file)) {
            text = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException e) {
            throw new FailureException(
                    new Failure.BadInput(
                            "checks.golden: " + file.getFileName() + " cannot be read: " + e.getMessage(),
                            true,
                            List.of()),
                    e);
        }
        List<GoldenLine> lines = new ArrayList<>();
        long number = 0;
        for (long from = 0, to; from < text.byteSize(); from = to + 1) {
            to = endOfLine(text, from);
            number++;
            MemorySegment line = text.asSlice(from, to - from);
            if (!blank(line)) {
                if (lines.size() == MOST_LINES) {
                    throw Trial.refused("checks.golden: " + file.getFileName() + " has more than " + MOST_LINES
                            + " examples, a part of them will do");
                }
                lines.add(parse(file.getFileName() + ", line " + number, number, line));
            }
        }
        if (lines.isEmpty()) {
            throw Trial.refused("checks.golden: " + file.getFileName() + " has no line");
        }
        return lines;
    }

    private static long endOfLine(MemorySegment text, long from) {
        long to = from;
        while (to < text.byteSize() && text.get(ValueLayout.JAVA_BYTE, to) != '\n') {
            to++;
        }
        return to;
    }

    private static boolean blank(MemorySegment line) {
        for (long i = 0; i < line.byteSize(); i++) {
            if (line.get(ValueLayout.JAVA_BYTE, i) > ' ') {
                return false;
            }
        }
        return true;
    }

    private static GoldenLine parse(String where, long number, MemorySegment line) {
        try {
            return parse(where, number, new JsonReader(line));
        } catch (IllegalArgumentException e) {
            throw Trial.refused(where + ": " + e.getMessage());
        } catch (JsonFailure e) {
            throw new FailureException(
                    Failure.BadInput.of(where + ": " + e.failure().detail()), e);
        }
    }

    private static GoldenLine parse(String where, long number, JsonReader json) {
        if (json.peek() != Token.OBJECT) {
            throw Trial.refused(where + ": an object with 'input' and 'output' expected");
        }
        MemorySegment input = null;
        MemorySegment output = null;
        Map<String, @Nullable Object> tolerances = new LinkedHashMap<>();
        json.beginObject();
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            long from = json.position();
            if (json.peek() == Token.NULL) {
                json.skip();
                continue;
            }
            switch (key) {
                case "input" -> {
                    input = json.text();
                    GoldenTensor.read(where + ": input", json.reread(from), "inputs");
                }
                case "output" -> {
                    output = json.text();
                    GoldenTensor.read(where + ": output", json.reread(from), "outputs");
                    requireExpectation(where + ": output", json.reread(from).value(MOST_VALUES));
                }
                case "atol", "rtol" -> tolerances.put(key, json.value());
                default ->
                    throw Trial.refused(where + ": unknown key '" + key + "', known are input, output, atol and rtol");
            }
        }
        json.end();
        if (input == null || output == null) {
            throw Trial.refused(where + ": 'input' and 'output' are both needed");
        }
        return new GoldenLine(
                number,
                input,
                output,
                new AnswerDifference(
                        tolerance(where, "atol", tolerances.get("atol"), 1e-5),
                        tolerance(where, "rtol", tolerances.get("rtol"), 1e-4),
                        tolerances.isEmpty()));
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
        List<GoldenTensor> tensors = GoldenTensor.read("input", new JsonReader(input), "inputs");
        if (tensors.isEmpty()) {
            return trial.decode("application/json", input);
        }
        List<NamedTensor> decoded = new ArrayList<>();
        try {
            for (GoldenTensor tensor : tensors) {
                decoded.add(tensor.decode(trial.pool()));
            }
        } catch (RuntimeException e) {
            NamedTensor.closeAll(decoded);
            throw e;
        }
        return new Decoded(decoded, 1, false);
    }

    /** What {@link #expected} is compared with: the answer in the same form, by tensor name where it lists tensors. */
    Object given(Trial trial, Decoded decoded, InferenceResponse response) {
        Set<String> expected = tensors().stream().map(GoldenTensor::name).collect(Collectors.toSet());
        List<NamedTensor> compared = response.outputs().stream()
                .filter(tensor -> expected.isEmpty() || expected.contains(tensor.name()))
                .toList();
        requireFew(compared);
        if (expected.isEmpty()) {
            Object answer = Json.parse(Json.write(trial.form().encode(decoded, response, Map.of())));
            return answer == null ? Map.of() : answer;
        }
        Map<String, Object> byName = new LinkedHashMap<>();
        for (NamedTensor tensor : compared) {
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

    private static void requireFew(List<NamedTensor> outputs) {
        long values = outputs.stream()
                .mapToLong(output -> output.tensor().shape().elements())
                .sum();
        if (values > MOST_VALUES) {
            throw Trial.refused("the answer has " + values + " values, at most " + MOST_VALUES
                    + " are compared: expect a V2 answer that lists the outputs which matter");
        }
    }

    /** The expected answer, V2 outputs as an object by name. */
    @Nullable
    Object expected() {
        List<GoldenTensor> tensors = tensors();
        if (tensors.isEmpty()) {
            return new JsonReader(output).value(MOST_VALUES);
        }
        Map<String, Object> byName = new LinkedHashMap<>();
        for (GoldenTensor tensor : tensors) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>(tensor.members());
            members.put("data", flat(new JsonReader(tensor.data()).value(MOST_VALUES), new ArrayList<>()));
            byName.put(tensor.name(), members);
        }
        return byName;
    }

    private List<GoldenTensor> tensors() {
        return GoldenTensor.read("output", new JsonReader(output), "outputs");
    }

    private static List<@Nullable Object> flat(@Nullable Object value, List<@Nullable Object> into) {
        if (value instanceof List<?> elements) {
            elements.forEach(element -> flat(element, into));
        } else {
            into.add(value);
        }
        return into;
    }
}
