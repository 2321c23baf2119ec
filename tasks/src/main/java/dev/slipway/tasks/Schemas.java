package dev.slipway.tasks;

import dev.slipway.core.DataType;
import dev.slipway.core.Dimension;
import dev.slipway.core.TensorSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pieces of JSON schema (2020-12) and example values that fit them. */
final class Schemas {

    private Schemas() {}

    static Map<String, Object> document(Map<String, Object> schema) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        document.putAll(schema);
        return document;
    }

    /** An object with these members and no other. */
    static Map<String, Object> object(Map<String, ?> properties, List<String> required) {
        Map<String, Object> schema = open(properties, required);
        schema.put("additionalProperties", false);
        return schema;
    }

    /** An object with these members and maybe others. */
    static Map<String, Object> open(Map<String, ?> properties, List<String> required) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema;
    }

    static Map<String, Object> list(Map<String, Object> items, int least, int most) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "array");
        schema.put("items", items);
        schema.put("minItems", least);
        schema.put("maxItems", most);
        return schema;
    }

    static Map<String, Object> oneOf(List<Map<String, Object>> schemas) {
        return schemas.size() == 1 ? schemas.getFirst() : new LinkedHashMap<>(Map.of("oneOf", schemas));
    }

    static Map<String, Object> element(DataType type) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put(
                "type",
                switch (type) {
                    case BOOL -> "boolean";
                    case BYTES -> "string";
                    case FP16, BF16, FP32, FP64 -> "number";
                    case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> "integer";
                });
        if (type.integral() && type.name().startsWith("U")) {
            schema.put("minimum", 0);
        }
        return schema;
    }

    static Map<String, Object> tensor(TensorSpec spec) {
        Map<String, Object> schema = element(spec.dataType());
        if (!spec.shape().ranked()) {
            return new LinkedHashMap<>(Map.of("description", spec.dataType() + " tensor of any shape"));
        }
        for (Dimension dim : spec.shape().dims().reversed()) {
            Map<String, Object> outer = new LinkedHashMap<>();
            outer.put("type", "array");
            outer.put("items", schema);
            if (dim instanceof Dimension.Fixed fixed) {
                outer.put("minItems", fixed.size());
                outer.put("maxItems", fixed.size());
            }
            schema = outer;
        }
        schema.put("description", spec.dataType().toString() + spec.shape());
        return schema;
    }

    /** A value that a tensor of this type may hold. */
    static Object exampleElement(DataType type) {
        return switch (type) {
            case BOOL -> true;
            case BYTES -> "a";
            case FP16, BF16, FP32, FP64 -> 0.5;
            case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> 1L;
        };
    }

    /** A nested list that fits a tensor, with every dynamic dimension one long. */
    static Object exampleTensor(TensorSpec spec) {
        Object value = exampleElement(spec.dataType());
        for (Dimension dim : spec.shape().dims().reversed()) {
            long size = dim instanceof Dimension.Fixed fixed ? fixed.size() : 1;
            value = Collections.nCopies(Math.toIntExact(size), value);
        }
        return value;
    }
}
