package dev.slipway.packages;

import dev.slipway.core.DataSize;
import dev.slipway.core.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one section, read with their types. What does not fit is added to the document's faults and read as
 * absent, so that reading goes on and finds everything.
 */
final class Fields {

    private final Element.Section section;
    private final List<String> path;
    private final Faults faults;

    Fields(Element.Section section, List<String> path, Faults faults) {
        this.section = section;
        this.path = List.copyOf(path);
        this.faults = faults;
    }

    /** The fields of a whole document; one that is not a section is a fault and reads as empty. */
    static Fields of(Element document, Faults faults) {
        return section(document, List.of(), document.line(), faults);
    }

    private static Fields section(Element element, List<String> path, int line, Faults faults) {
        return switch (element) {
            case Element.Section section -> new Fields(section, path, faults);
            case Element.Scalar scalar when scalar.value() == null -> empty(path, line, faults);
            case Element.Scalar scalar -> misfit(scalar, path, line, faults);
            case Element.Listing listing -> misfit(listing, path, line, faults);
        };
    }

    private static Fields misfit(Element element, List<String> path, int line, Faults faults) {
        faults.add(line, path, "must be keys and values", element.described());
        return empty(path, line, faults);
    }

    private static Fields empty(List<String> path, int line, Faults faults) {
        return new Fields(new Element.Section(Map.of(), line), path, faults);
    }

    /** Refuses every key that is not among {@code keys}. */
    Fields only(List<String> keys) {
        section.members().forEach((key, member) -> {
            if (!keys.contains(key)) {
                faults.unknown(member.line(), path, "key", key, keys);
            }
        });
        return this;
    }

    /** Whether a key is there with a value. */
    boolean has(String key) {
        return element(key) != null;
    }

    void fault(String key, String rule, String given) {
        faults.add(line(key), below(key), rule, given);
    }

    /** The value of a key is a name that is not known. */
    void unknown(String key, String what, String given, Collection<String> known) {
        faults.unknown(line(key), below(key), what, given, known);
    }

    private int line(String key) {
        Element.Member member = section.members().get(key);
        return member == null ? section.line() : member.line();
    }

    @Nullable
    Element element(String key) {
        Element.Member member = section.members().get(key);
        if (member == null || (member.element() instanceof Element.Scalar scalar && scalar.value() == null)) {
            return null;
        }
        return member.element();
    }

    /** A text; numbers and truth values are taken as they were written. */
    @Nullable
    String text(String key) {
        Element element = element(key);
        return element == null ? null : text(key, element);
    }

    private @Nullable String text(String key, Element element) {
        if (element instanceof Element.Scalar scalar) {
            return scalar.text();
        }
        fault(key, "must be text", element.described());
        return null;
    }

    String text(String key, String otherwise) {
        String text = text(key);
        return text == null ? otherwise : text;
    }

    @Nullable
    String required(String key) {
        String text = text(key);
        if (text == null || text.isBlank()) {
            fault(key, "must be given", "nothing");
            return null;
        }
        return text;
    }

    @Nullable
    Long whole(String key) {
        return value(key, Long.class, "must be a whole number");
    }

    int whole(String key, int otherwise) {
        Long number = whole(key);
        if (number == null) {
            return otherwise;
        }
        if (number != number.intValue()) {
            fault(key, "must be a whole number of at most 31 bits", number.toString());
            return otherwise;
        }
        return number.intValue();
    }

    /** A whole number, or 0 for {@code auto}. */
    int wholeOrAuto(String key, int otherwise) {
        Element element = element(key);
        return element instanceof Element.Scalar scalar && "auto".equals(scalar.value()) ? 0 : whole(key, otherwise);
    }

    @Nullable
    Double number(String key) {
        Number number = value(key, Number.class, "must be a number");
        return number == null ? null : (Double) number.doubleValue();
    }

    @Nullable
    Boolean flag(String key) {
        return value(key, Boolean.class, "must be true or false");
    }

    @Nullable
    Duration duration(String key) {
        String text = text(key);
        if (text == null) {
            return null;
        }
        Duration duration = Durations.parse(text).orElse(null);
        if (duration == null) {
            fault(key, "must be a duration such as 20ms, 5s or PT5S", "'" + text + "'");
        }
        return duration;
    }

    @Nullable
    DataSize size(String key) {
        String text = text(key);
        if (text == null) {
            return null;
        }
        try {
            return DataSize.parse(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            fault(key, "must be a size such as 512MiB", "'" + text + "'");
            return null;
        }
    }

    private <T> @Nullable T value(String key, Class<T> type, String rule) {
        Element element = element(key);
        if (element == null) {
            return null;
        }
        if (element instanceof Element.Scalar scalar && type.isInstance(scalar.value())) {
            return type.cast(scalar.value());
        }
        fault(key, rule, element.described());
        return null;
    }

    /** The texts of a list. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        elements(key).forEach(element -> {
            String text = text(key, element);
            if (text != null) {
                texts.add(text);
            }
        });
        return texts;
    }

    /** The whole numbers of a list. */
    List<Integer> wholes(String key) {
        List<Integer> numbers = new ArrayList<>();
        for (Element element : elements(key)) {
            if (element instanceof Element.Scalar scalar
                    && scalar.value() instanceof Long number
                    && number == number.intValue()) {
                numbers.add(number.intValue());
            } else {
                fault(key, "must be a list of whole numbers", element.described());
            }
        }
        return numbers;
    }

    /** A text that is one of these. */
    Optional<String> oneOf(String key, List<String> known) {
        String text = text(key);
        if (text == null || known.contains(text)) {
            return Optional.ofNullable(text);
        }
        unknown(key, "value", text, known);
        return Optional.empty();
    }

    List<Element> elements(String key) {
        Element element = element(key);
        if (element instanceof Element.Listing listing) {
            return listing.elements();
        }
        if (element != null) {
            fault(key, "must be a list", element.described());
        }
        return List.of();
    }

    /** Each element of a list of sections. */
    void each(String key, Consumer<Fields> reader) {
        List<Element> elements = elements(key);
        for (int i = 0; i < elements.size(); i++) {
            Element element = elements.get(i);
            reader.accept(section(element, below(key + "[" + i + "]"), element.line(), faults));
        }
    }

    /** Refuses keys that are written without a value. */
    Fields given() {
        section.members().keySet().forEach(key -> {
            if (!has(key)) {
                fault(key, "must be given, or left out", "nothing");
            }
        });
        return this;
    }

    /** The fields below a key, empty when it is not there. */
    Fields below(String key, List<String> keys) {
        return sectionAt(key).only(keys);
    }

    /** The section below a key, whatever its keys. */
    Fields sectionAt(String key) {
        Element.Member member = section.members().get(key);
        return member == null
                ? empty(below(key), section.line(), faults)
                : section(member.element(), below(key), member.line(), faults);
    }

    /** Each section below a key under its own key. */
    void sections(String key, BiConsumer<String, Fields> reader) {
        Fields fields = sectionAt(key);
        fields.section.members().forEach((name, inner) -> reader.accept(name, fields.sectionAt(name)));
    }

    /** The texts below a key, each under its own key. */
    Map<String, String> textsByKey(String key) {
        Fields fields = sectionAt(key);
        Map<String, String> texts = new LinkedHashMap<>();
        fields.section.members().keySet().forEach(name -> texts.put(name, fields.text(name, "")));
        return texts;
    }

    private List<String> below(String key) {
        List<String> longer = new ArrayList<>(path);
        longer.add(key);
        return longer;
    }
}
