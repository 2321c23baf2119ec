package dev.slipway.deployment;

import dev.slipway.core.DataType;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.NearName;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorPool;
import dev.slipway.json.JsonReader;
import dev.slipway.json.JsonReader.Token;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of a V2 document in a golden line. What lacks something to be made or compared by is refused, so that a slip
 * of the pen never passes.
 *
 * @param members all but its name and its data
 * @param data the text of a list, nested or flat
 */
record GoldenTensor(String name, Map<String, @Nullable Object> members, MemorySegment data) {

    private static final List<String> KEYS = List.of("name", "shape", "datatype", "parameters", "data");

    /**
     * The tensors of a V2 document, which lists them under {@code key}; none of a document of a task's form.
     *
     * @param json before the document, whatever it is
     */
    static List<GoldenTensor> read(String where, JsonReader json, String key) {
        List<GoldenTensor> tensors = new ArrayList<>();
        if (json.peek() != Token.OBJECT) {
            return tensors;
        }
        Set<String> names = new HashSet<>();
        json.beginObject();
        for (String member = json.nextName(); member != null; member = json.nextName()) {
            if (!member.equals(key) || json.peek() != Token.ARRAY) {
                json.skip();
                continue;
            }
            json.beginArray();
            while (json.nextElement()) {
                GoldenTensor tensor = tensor(where, json, key);
                if (!names.add(tensor.name)) {
                    throw Trial.refused(where + " '" + tensor.name + "' comes twice");
                }
                tensors.add(tensor);
            }
        }
        return tensors;
    }

    private static GoldenTensor tensor(String where, JsonReader json, String key) {
        String needed = where + ": each of '" + key + "' needs 'name' and 'data', a list; ";
        if (json.peek() != Token.OBJECT) {
            throw Trial.refused(needed + json.describe() + " given");
        }
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        MemorySegment data = null;
        json.beginObject();
        for (String member = json.nextName(); member != null; member = json.nextName()) {
            if (member.equals("data") && json.peek() == Token.ARRAY) {
                data = json.text();
            } else {
                members.put(member, json.value());
            }
        }
        if (data == null || !(members.remove("name") instanceof String name)) {
            throw Trial.refused(needed + "given is one with " + String.join(", ", members.keySet()));
        }
        for (String member : members.keySet()) {
            if (!KEYS.contains(member)) {
                throw Trial.refused(
                        where + " '" + name + "': " + NearName.rule("key", member, KEYS) + ", got '" + member + "'");
            }
        }
        members.remove("parameters");
        return new GoldenTensor(name, members, data);
    }

    /** The tensor itself. */
    NamedTensor decode(TensorPool pool) {
        String given = String.valueOf(members.get("datatype"));
        DataType dataType = DataType.of(given)
                .orElseThrow(() -> Trial.refused("input '" + name + "': datatype '" + given + "' is none of V2's"));
        if (!(members.get("shape") instanceof List<?> dims)) {
            throw Trial.refused("input '" + name + "': a shape is needed");
        }
        long[] shape = dims.stream()
                .mapToLong(dim -> dim instanceof Long size && size >= 0 ? size : -1)
                .toArray();
        try {
            return new NamedTensor(
                    name, new JsonReader(data).tensor("input '" + name + "'", dataType, Shape.of(shape), pool));
        } catch (IllegalArgumentException e) {
            throw Trial.refused("input '" + name + "': " + e.getMessage());
        }
    }
}
