package dev.slipway.json;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Small documents, whole. */
public final class Json {

    private static final int ON_ONE_LINE = 16;

    private Json() {}

    /** A document as maps (in its order), lists, strings, numbers, booleans and null; see {@link JsonReader#value}. */
    public static @Nullable Object parse(byte[] text) {
        return parse(text, JsonReader::wholeValue);
    }

    /** The same of a document from somebody else, which may have so many values only; see {@link JsonReader#value}. */
    public static @Nullable Object parseLimited(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8), JsonReader::value);
    }

    private static @Nullable Object parse(byte[] text, Function<JsonReader, @Nullable Object> document) {
        try (Arena arena = Arena.ofConfined()) {
            JsonReader reader = new JsonReader(arena.allocateFrom(ValueLayout.JAVA_BYTE, text));
            Object value = document.apply(reader);
            reader.end();
            return value;
        }
    }

    public static @Nullable Object parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /** One line, without spaces. */
    public static String write(@Nullable Object value) {
        return new JsonWriter().value(value).toString();
    }

    /** Many lines, indented by two; a few numbers stand on one. */
    public static String pretty(@Nullable Object value) {
        return pretty(value, "\n");
    }

    private static String pretty(@Nullable Object value, String line) {
        String inner = line + "  ";
        return switch (value) {
            case Map<?, ?> map
            when !map.isEmpty() -> {
                StringJoiner members = new StringJoiner("," + inner, "{" + inner, line + "}");
                map.forEach((name, member) -> members.add(write(String.valueOf(name)) + ": " + pretty(member, inner)));
                yield members.toString();
            }
            case Collection<?> list
            when !list.isEmpty() && list.size() <= ON_ONE_LINE && list.stream().allMatch(Number.class::isInstance) ->
                list.stream().map(Json::write).collect(Collectors.joining(", ", "[", "]"));
            case Iterable<?> list
            when list.iterator().hasNext() -> {
                StringJoiner elements = new StringJoiner("," + inner, "[" + inner, line + "]");
                list.forEach(element -> elements.add(pretty(element, inner)));
                yield elements.toString();
            }
            case null, default -> write(value);
        };
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
                List<@Nullable Object> copy = new ArrayList<>();
                list.forEach(element -> copy.add(sorted(element)));
                yield copy;
            }
            case null, default -> value;
        };
    }
}
