package dev.slipway.protocols.openinference;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.slipway.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A message as Triton's REST writes it: fields by their own names and in their order, those that are no messages also
 * where they hold nothing, 64-bit integers as numbers, enumerations by name.
 */
final class MessageJson {

    private MessageJson() {}

    static String of(Message message) {
        return Json.write(members(message));
    }

    /** The field {@code name} of a message, which is repeated. */
    static String list(Message message, String name) {
        return Json.write(value(message, message.getDescriptorForType().findFieldByName(name)));
    }

    private static Map<String, Object> members(Message message) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (!field.hasPresence() || message.hasField(field)) {
                members.put(field.getName(), value(message, field));
            }
        }
        return members;
    }

    private static Object value(Message message, FieldDescriptor field) {
        Object value = message.getField(field);
        if (field.isMapField()) {
            Map<String, Object> entries = new LinkedHashMap<>();
            for (Object entry : (List<?>) value) {
                Map<String, Object> pair = members((Message) entry);
                entries.put(String.valueOf(pair.get("key")), pair.getOrDefault("value", Map.of()));
            }
            return entries;
        }
        if (field.isRepeated()) {
            List<Object> elements = new ArrayList<>();
            for (Object element : (List<?>) value) {
                elements.add(single(element));
            }
            return elements;
        }
        return single(value);
    }

    private static Object single(Object value) {
        return switch (value) {
            case Message message -> members(message);
            case EnumValueDescriptor constant -> constant.getName();
            default -> value;
        };
    }
}
