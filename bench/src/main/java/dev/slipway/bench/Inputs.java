package dev.slipway.bench;

import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The inputs of requests: invented from a model's metadata, or those of a V2 JSON request. */
final class Inputs {

    private Inputs() {}

    /**
     * Invents inputs: floats from 0 to 1, whole numbers 0 or 1, short strings. The first open dimension of an input is the batch,
     * another is 1.
     *
     * @param declared maps of name, datatype and shape, as a model's metadata has them
     * @param batch rows of a request, where the model leaves that open
     * @param shapes shapes to take instead, by input
     * @throws FailureException {@code BadInput} for the shape of an input that the model does not have
     */
    static List<InputTensor> invented(
            List<Map<?, ?>> declared, int batch, Map<String, List<Long>> shapes, Random random) {
        List<InputTensor> inputs = new ArrayList<>();
        List<String> names = declared.stream()
                .map(input -> String.valueOf(input.get("name")))
                .toList();
        for (String named : shapes.keySet()) {
            if (!names.contains(named)) {
                throw new FailureException(Failure.BadInput.of(
                        "a shape for input '" + named + "' given, the model's inputs are " + names));
            }
        }
        for (Map<?, ?> input : declared) {
            String name = String.valueOf(input.get("name"));
            DataType type = dataType(name, input.get("datatype"));
            List<Long> shape = shapes.getOrDefault(name, shape(input.get("shape"), batch));
            long elements = shape.stream().reduce(1L, Math::multiplyExact);
            inputs.add(new InputTensor(
                    name,
                    type,
                    shape,
                    Stream.generate(() -> value(type, random)).limit(elements).toList()));
        }
        return inputs;
    }

    private static List<Long> shape(@Nullable Object declared, int batch) {
        List<Long> shape = new ArrayList<>();
        boolean open = false;
        for (Object dimension : declared instanceof List<?> list ? list : List.of()) {
            long size = dimension instanceof Number number ? number.longValue() : -1;
            if (size >= 0) {
                shape.add(size);
            } else {
                shape.add(open || !shape.isEmpty() ? 1L : batch);
                open = true;
            }
        }
        return shape;
    }

    private static Object value(DataType type, Random random) {
        if (type.floating()) {
            return (double) random.nextFloat();
        }
        return switch (type) {
            case BOOL -> random.nextBoolean();
            case BYTES -> Integer.toString(random.nextInt(100));
            default -> random.nextInt(2);
        };
    }

    private static DataType dataType(String input, @Nullable Object given) {
        return Arrays.stream(DataType.values())
                .filter(type -> type.name().equals(given))
                .findAny()
                .orElseThrow(() -> new FailureException(
                        Failure.BadInput.of("input '" + input + "': a datatype of V2, '" + given + "' given")));
    }

    /** Reads the inputs of a V2 JSON request. */
    static List<InputTensor> of(byte[] request) {
        if (!(Json.parse(request) instanceof Map<?, ?> document)
                || !(document.get("inputs") instanceof List<?> inputs)) {
            throw new FailureException(
                    Failure.BadInput.of(
                            "a V2 request as {\"inputs\": [{\"name\": ..., \"shape\": [...], \"datatype\": ..., \"data\": [...]}]} is needed"));
        }
        List<InputTensor> read = new ArrayList<>();
        for (Object one : inputs) {
            Map<?, ?> input = one instanceof Map<?, ?> map ? map : Map.of();
            String name = String.valueOf(input.get("name"));
            List<Object> values = new ArrayList<>();
            flatten(input.get("data"), values);
            List<Long> shape = new ArrayList<>();
            if (input.get("shape") instanceof List<?> dimensions) {
                dimensions.forEach(dimension -> shape.add(dimension instanceof Number size ? size.longValue() : -1L));
            }
            read.add(new InputTensor(name, dataType(name, input.get("datatype")), shape, values));
        }
        return read;
    }

    private static void flatten(@Nullable Object data, List<Object> values) {
        if (data instanceof Collection<?> list) {
            list.forEach(element -> flatten(element, values));
        } else if (data != null) {
            values.add(data);
        }
    }
}
