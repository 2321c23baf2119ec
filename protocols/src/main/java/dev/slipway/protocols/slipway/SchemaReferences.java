package dev.slipway.protocols.slipway;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Moves a schema into a larger document: its references to its own parts follow. */
final class SchemaReferences {

    private SchemaReferences() {}

    /** The schema as {@code #/components/schemas/NAME}. */
    static Map<String, @Nullable Object> within(String name, Map<String, ?> schema) {
        Map<String, @Nullable Object> moved = new LinkedHashMap<>();
        schema.forEach((key, value) -> {
            if (!key.equals("$schema") && !key.equals("$id")) {
                moved.put(key, moved("#/components/schemas/" + name, key, value));
            }
        });
        return moved;
    }

    private static @Nullable Object moved(String root, String key, @Nullable Object value) {
        return switch (value) {
            case String text when key.equals("$ref") && text.startsWith("#") -> root + text.substring(1);
            case Map<?, ?> members -> {
                Map<String, @Nullable Object> copy = new LinkedHashMap<>();
                members.forEach(
                        (name, member) -> copy.put(String.valueOf(name), moved(root, String.valueOf(name), member)));
                yield copy;
            }
            case List<?> elements -> {
                List<@Nullable Object> copy = new ArrayList<>();
                elements.forEach(element -> copy.add(moved(root, "", element)));
                yield copy;
            }
            case null, default -> value;
        };
    }
}
