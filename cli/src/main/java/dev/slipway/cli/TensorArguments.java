package dev.slipway.cli;

import dev.slipway.core.Count;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Shape;
import dev.slipway.json.Json;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The inputs of a model without a task, for which values on the command line become tensors.
 *
 * @param model as the caller named it
 * @param inputs those that must be given, as the API describes them
 * @param optional those that may be left out
 */
record TensorArguments(String model, List<Document> inputs, List<Document> optional) {

    TensorArguments {
        inputs = List.copyOf(inputs);
        optional = List.copyOf(optional);
    }

    /** The inputs of a version; empty where it has a task, whose form takes values as they are. */
    static Optional<TensorArguments> of(String model, Document version) {
        if (!version.text("task").equals("tensors")) {
            return Optional.empty();
        }
        List<Document> all = version.object("signature").objects("inputs");
        return Optional.of(new TensorArguments(
                model,
                all.stream().filter(input -> !input.has("optional")).toList(),
                all.stream().filter(input -> input.has("optional")).toList()));
    }

    /** Whether a single word can be meant as the model's input. */
    boolean takesText() {
        return inputs.size() == 1 && text(inputs.getFirst());
    }

    /** Values in a row: the elements of the only input, or one value for each input. */
    Map<String, Object> values(List<String> values) {
        if (inputs.size() == 1) {
            return body(Map.of(name(inputs.getFirst()), tensor(inputs.getFirst(), values)));
        }
        if (inputs.size() != values.size()) {
            throw new CommandFailure(
                    model + " takes " + inputs.size() + " inputs, " + Count.of(values.size(), "value") + " given",
                    takes());
        }
        Map<String, Object> tensors = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            tensors.put(name(inputs.get(i)), tensor(inputs.get(i), List.of(values.get(i))));
        }
        return body(tensors);
    }

    /** Tensors by name; of those that the model does not take the server tells. */
    Map<String, Object> pairs(Map<String, String> pairs) {
        Map<String, Object> tensors = new LinkedHashMap<>();
        pairs.forEach((name, value) -> tensors.put(
                name, input(name).map(input -> tensor(input, List.of(value))).orElse(value)));
        return body(tensors);
    }

    /** The only input as JSON. */
    String list(String json) {
        if (inputs.size() != 1) {
            throw new CommandFailure(model + " takes " + inputs.size() + " inputs, a list given", takes());
        }
        return "{\"inputs\":{" + Json.write(name(inputs.getFirst())) + ":" + json + "}}";
    }

    private static Map<String, Object> body(Map<String, Object> tensors) {
        return Map.of("inputs", tensors);
    }

    private Optional<Document> input(String name) {
        return Stream.concat(inputs.stream(), optional.stream())
                .filter(input -> name(input).equals(name))
                .findFirst();
    }

    private Object tensor(Document input, List<String> values) {
        if (values.size() == 1 && values.getFirst().startsWith("[")) {
            return Objects.requireNonNullElse(Json.parse(values.getFirst()), List.of());
        }
        List<Object> elements = values.stream()
                .flatMap(value -> text(input) ? Stream.of(value) : Arrays.stream(value.split(",")))
                .map(value -> element(input, value.strip()))
                .toList();
        return shape(input, elements.size()).nested(elements);
    }

    private static Object element(Document input, String value) {
        return switch (input.text("datatype")) {
            case "BYTES" -> value;
            case "BOOL" -> value.equals("true") ? true : value.equals("false") ? (Object) false : value;
            default -> PredictionInput.value(value);
        };
    }

    private Shape shape(Document input, int elements) {
        long[] declared =
                input.texts("shape").stream().mapToLong(Long::parseLong).toArray();
        return DeclaredShape.of(declared)
                .filledBy(elements)
                .orElseThrow(() -> new CommandFailure(
                        "input '" + name(input) + "' is " + VersionText.type(input) + ", which " + elements
                                + (elements == 1 ? " value does" : " values do") + " not fill",
                        takes()));
    }

    /** What the model takes, and the ways to give it. */
    private String takes() {
        return "It takes "
                + inputs.stream()
                        .map(input -> name(input) + " " + VersionText.type(input))
                        .collect(Collectors.joining(", "))
                + ": as values, as NAME=V,V,... or as NAME='[[...]]'; large ones from a file with {\"inputs\": {NAME: [[...]]}}.";
    }

    private static String name(Document input) {
        return input.text("name");
    }

    private static boolean text(Document input) {
        return input.text("datatype").equals("BYTES");
    }
}
