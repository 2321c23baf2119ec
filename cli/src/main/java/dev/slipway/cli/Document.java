package dev.slipway.cli;

import dev.slipway.json.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON object of the API, read by those who show it: what is missing is empty, so that older servers can be shown. */
record Document(Map<String, @Nullable Object> members) {

    /** The members of an object; anything else has none. */
    static Document of(@Nullable Object value) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> members.put(String.valueOf(name), member));
        }
        return new Document(members);
    }

    /** A member as text, JSON where it is an object or list; empty when it is missing or null. */
    String text(String name) {
        return switch (members.get(name)) {
            case null -> "";
            case Map<?, ?> object -> Json.write(object);
            case List<?> list -> Json.write(list);
            case Object value -> value.toString();
        };
    }

    /** A time to the second. */
    String moment(String name) {
        String text = text(name);
        try {
            return Instant.parse(text).truncatedTo(ChronoUnit.SECONDS).toString();
        } catch (DateTimeParseException e) {
            return text;
        }
    }

    /** A member as a number; NaN when it is none. */
    double number(String name) {
        return members.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    boolean has(String name) {
        return members.get(name) != null;
    }

    Document object(String name) {
        return of(members.get(name));
    }

    /** The objects of a list. */
    List<Document> objects(String name) {
        return members.get(name) instanceof List<?> list
                ? list.stream().map(Document::of).toList()
                : List.of();
    }

    /** The elements of a list as text. */
    List<String> texts(String name) {
        return members.get(name) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}
