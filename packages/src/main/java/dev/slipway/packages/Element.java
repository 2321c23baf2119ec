package dev.slipway.packages;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A part of a document, with the line where it begins; 0 where lines are not known. */
sealed interface Element {

    int line();

    /**
     * A single value.
     *
     * @param text as it was written
     * @param value a string, {@link Long}, {@link Double}, {@link Boolean} or null
     */
    record Scalar(String text, @Nullable Object value, int line) implements Element {}

    record Listing(List<Element> elements, int line) implements Element {
        public Listing {
            elements = List.copyOf(elements);
        }
    }

    record Section(Map<String, Member> members, int line) implements Element {
        public Section {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }
    }

    /** A value under a key; {@code line} is the key's. */
    record Member(Element element, int line) {}

    /** An element from maps, lists, strings, numbers, booleans and null. */
    static Element of(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, Member> members = new LinkedHashMap<>();
                map.forEach((key, member) -> members.put(String.valueOf(key), new Member(of(member), 0)));
                yield new Section(members, 0);
            }
            case Iterable<?> list -> {
                List<Element> elements = new ArrayList<>();
                list.forEach(element -> elements.add(of(element)));
                yield new Listing(elements, 0);
            }
            case Integer number -> new Scalar(number.toString(), (long) number, 0);
            case Short number -> new Scalar(number.toString(), (long) number, 0);
            case Long number -> new Scalar(number.toString(), number, 0);
            case Number number -> new Scalar(number.toString(), plain(number.doubleValue()), 0);
            case Boolean flag -> new Scalar(flag.toString(), flag, 0);
            case null -> new Scalar("null", null, 0);
            default -> new Scalar(value.toString(), value.toString(), 0);
        };
    }

    /** A number as a {@link Long} when it is whole and exact, so that 1 and 1.0 are the same. */
    static Object plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1L << 53 && !(number == 0 && 1 / number < 0)
                ? (Object) (long) number
                : (Object) number;
    }

    /** What it is, for messages. */
    default String described() {
        return switch (this) {
            case Scalar(String text, String value, int line) ->
                "'" + (text.length() > 100 ? text.substring(0, 100) + "…" : text) + "'";
            case Scalar scalar -> scalar.text().isEmpty() ? "nothing" : scalar.text();
            case Listing(List<Element> elements, int line) -> "a list of " + elements.size();
            case Section section ->
                "a section with the keys " + section.members().keySet();
        };
    }

    /** The plain value: maps, lists, strings, {@link Long}, {@link Double} or {@link Boolean}; null becomes "". */
    default Object toValue() {
        return switch (this) {
            case Scalar scalar -> scalar.value() == null ? "" : scalar.value();
            case Listing(List<Element> elements, int line) ->
                elements.stream().map(Element::toValue).toList();
            case Section section -> {
                Map<String, Object> map = new LinkedHashMap<>();
                section.members()
                        .forEach((key, member) -> map.put(key, member.element().toValue()));
                yield map;
            }
        };
    }
}
