package dev.slipway.json;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Small documents, whole. */
public final class Json {

    private Json() {}

    /** A document as maps (in its order), lists, strings, numbers, booleans and null; see {@link JsonReader#value}. */
    public static @Nullable Object parse(byte[] text) {
        throw new UnsupportedOperationException();
    }

    public static @Nullable Object parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /** One line, without spaces. */
    public static String write(@Nullable Object value) {
        return new JsonWriter().value(value).toString();
    }

    /** Many lines, indented by two. */
    public static String pretty(@Nullable Object value) {
        throw new UnsupportedOperationException();
    }

    /** The one form of a document that digests go by: names sorted, no spaces, numbers shortest. */
    public static String canonical(@Nullable Object value) {
        return write(sorted(value));
    }

    private static @Nullable Object sorted(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> sorted = new TreeMap<>();
                map.forEach((name, member) -> sorted.put(String.valueOf(name), sorted(member)));
                yield sorted;
            }
            case Iterable<?> list -> {
                java.util.List<@Nullable Object> copy = new java.util.ArrayList<>();
                list.forEach(element -> copy.add(sorted(element)));
                yield copy;
            }
            case null, default -> value;
        };
    }
}
