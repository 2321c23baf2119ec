package dev.slipway.protocols.slipway;

import dev.slipway.core.DataType;
import dev.slipway.core.Dimension;
import dev.slipway.core.Signature;
import dev.slipway.core.TensorSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The V2 request and answer of a signature as JSON schemas, and a request that fits. */
final class TensorSchemas {

    /** The most elements that an example shows. */
    static final int SHOWN = 4096;

    private final Signature signature;

    TensorSchemas(Signature signature) {
        this.signature = signature;
    }

    Map<String, @Nullable Object> request() {
        Map<String, @Nullable Object> properties = new LinkedHashMap<>();
        properties.put("id", Map.of("type", "string"));
        properties.put("parameters", Map.of("type", "object"));
        properties.put("inputs", tensors(signature.inputs()));
        properties.put(
                "outputs",
                Map.of(
                        "type",
                        "array",
                        "items",
                        Map.of(
                                "type",
                                "object",
                                "properties",
                                Map.of("name", names(signature.outputs()), "parameters", Map.of("type", "object")),
                                "required",
                                List.of("name"))));
        return object(properties, List.of("inputs"));
    }

    Map<String, @Nullable Object> answer() {
        Map<String, @Nullable Object> properties = new LinkedHashMap<>();
        properties.put("model_name", Map.of("type", "string"));
        properties.put("model_version", Map.of("type", "string"));
        properties.put("id", Map.of("type", "string"));
        properties.put("outputs", tensors(signature.outputs()));
        return object(properties, List.of("model_name", "outputs"));
    }

    private static Map<String, @Nullable Object> tensors(List<TensorSpec> specs) {
        Map<String, @Nullable Object> array = new LinkedHashMap<>();
        array.put("type", "array");
        if (!specs.isEmpty()) {
            array.put(
                    "items",
                    Map.of("oneOf", specs.stream().map(TensorSchemas::tensor).toList()));
        }
        return array;
    }

    private static Map<String, Object> names(List<TensorSpec> specs) {
        return specs.isEmpty()
                ? Map.of("type", "string")
                : Map.of("enum", specs.stream().map(TensorSpec::name).toList());
    }

    private static Map<String, @Nullable Object> tensor(TensorSpec spec) {
        Map<String, @Nullable Object> properties = new LinkedHashMap<>();
        properties.put("name", Map.of("const", spec.name()));
        properties.put("datatype", Map.of("const", spec.dataType().name()));
        properties.put("shape", shape(spec));
        properties.put("data", Map.of("type", "array"));
        properties.put("parameters", Map.of("type", "object"));
        Map<String, @Nullable Object> schema = object(properties, List.of("name", "datatype", "shape"));
        schema.put("title", spec.toString());
        return schema;
    }

    private static Map<String, @Nullable Object> shape(TensorSpec spec) {
        Map<String, @Nullable Object> shape = new LinkedHashMap<>();
        shape.put("type", "array");
        if (!spec.shape().ranked()) {
            shape.put("items", Map.of("type", "integer", "minimum", 0));
            return shape;
        }
        List<Object> dims = new ArrayList<>();
        for (Dimension dim : spec.shape().dims()) {
            dims.add(
                    switch (dim) {
                        case Dimension.Fixed(long size) -> Map.of("const", size);
                        case Dimension.Dynamic _ -> Map.of("type", "integer", "minimum", 0);
                    });
        }
        if (!dims.isEmpty()) {
            shape.put("prefixItems", dims);
        }
        shape.put("minItems", dims.size());
        shape.put("maxItems", dims.size());
        return shape;
    }

    private static Map<String, @Nullable Object> object(
            Map<String, @Nullable Object> properties, List<String> required) {
        Map<String, @Nullable Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("required", required);
        return schema;
    }

    /** Whether an example of the inputs, every dynamic dimension 1, is short enough to be shown. */
    static boolean showable(Signature signature) {
        return signature.smallestElements() <= SHOWN;
    }

    /** A request of zeros, every dynamic dimension 1; null when JSON cannot carry it or it would be long. */
    @Nullable
    Object example() {
        if (!showable(signature)) {
            return null;
        }
        List<Object> inputs = new ArrayList<>();
        for (TensorSpec spec : signature.inputs()) {
            if (spec.optional()) {
                continue;
            }
            List<Long> shape = smallest(spec);
            long elements = shape.stream().reduce(1L, (product, size) -> product * size);
            Object zero = zero(spec.dataType());
            if (!spec.shape().ranked() || zero == null) {
                return null;
            }
            Map<String, Object> input = new LinkedHashMap<>();
            input.put("name", spec.name());
            input.put("datatype", spec.dataType().name());
            input.put("shape", shape);
            input.put("data", Collections.nCopies((int) elements, zero));
            inputs.add(input);
        }
        return Map.of("inputs", inputs);
    }

    /** For each input that is needed how a page makes one of zeros: its shape, and the zero. */
    static Map<String, Object> zeros(Signature signature) {
        Map<String, Object> zeros = new LinkedHashMap<>();
        for (TensorSpec spec : signature.inputs()) {
            if (!spec.optional()) {
                Object zero = Objects.requireNonNullElse(zero(spec.dataType()), 0L);
                zeros.put(spec.name(), Map.of("shape", smallest(spec), "zero", zero));
            }
        }
        return zeros;
    }

    private static List<Long> smallest(TensorSpec spec) {
        return spec.shape().dims().stream()
                .mapToLong(dim -> dim instanceof Dimension.Fixed(long fixed) ? fixed : 1)
                .boxed()
                .toList();
    }

    private static @Nullable Object zero(DataType dataType) {
        return switch (dataType) {
            case BOOL -> false;
            case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> 0L;
            case FP32, FP64 -> 0.0;
            case BYTES -> "";
            case FP16, BF16 -> null;
        };
    }
}
