package dev.slipway.packages;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Quoted;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/**
 * Reads one YAML 1.2 document as elements with their lines. Aliases, tags, duplicate keys and deep nesting are refused,
 * so that a small file stays small in memory.
 */
final class YamlReader {

    private static final int MAX_DEPTH = 32;

    /** The parser copies what it has of a value with every kilobyte more: 4 MB of one value took seconds. */
    private static final int MAX_CHARACTERS = 1 << 20;

    private final String document;
    private final ScalarResolver resolver = new CoreScalarResolver(false);
    private final Iterator<Event> events;

    private YamlReader(String document, String text) {
        this.document = document;
        LoadSettings settings = LoadSettings.builder()
                .setLabel(document)
                .setCodePointLimit(MAX_CHARACTERS)
                .setParseComments(false)
                .build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    /**
     * Reads a text.
     *
     * @throws FailureException {@code BadInput} with the line of what is wrong
     */
    static Element read(String document, String text) {
        try {
            return new YamlReader(document, text).document();
        } catch (YamlEngineException e) {
            String message = String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", " ");
            throw new FailureException(
                    Failure.BadInput.malformed(document + " is not YAML: "
                            + (message.length() > 300 ? message.substring(0, 300) + "…" : message)),
                    e);
        }
    }

    private Element document() {
        Element root = new Element.Scalar("", null, 1);
        boolean found = false;
        while (events.hasNext()) {
            Event event = events.next();
            switch (event.getEventId()) {
                case StreamStart, DocumentStart, DocumentEnd, StreamEnd, Comment -> {}
                case Alias, Scalar, SequenceStart, MappingStart, SequenceEnd, MappingEnd -> {
                    if (found) {
                        throw refused(event, "a second document begins, one is expected");
                    }
                    found = true;
                    root = element(event, 0);
                }
            }
        }
        return root;
    }

    private Element element(Event event, int depth) {
        if (depth > MAX_DEPTH) {
            throw refused(event, "it nests deeper than " + MAX_DEPTH);
        }
        return switch (event) {
            case ScalarEvent scalar -> scalar(scalar);
            case SequenceStartEvent start -> {
                refuseTag(start, start.getTag());
                yield sequence(start, depth);
            }
            case MappingStartEvent start -> {
                refuseTag(start, start.getTag());
                yield mapping(start, depth);
            }
            case AliasEvent alias ->
                throw refused(
                        alias,
                        "aliases (*" + Quoted.shortened(String.valueOf(alias.getAlias()))
                                + ") are not taken: write it out");
            default -> throw refused(event, "a value is expected");
        };
    }

    private Element sequence(Event start, int depth) {
        List<Element> elements = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            elements.add(element(event, depth + 1));
        }
        return new Element.Listing(elements, line(start));
    }

    private Element mapping(Event start, int depth) {
        Map<String, Element.Member> members = new LinkedHashMap<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            if (!(event instanceof ScalarEvent key)) {
                throw refused(event, "a key must be text");
            }
            Element.Member member = new Element.Member(element(events.next(), depth + 1), line(event));
            Element.Member earlier = members.putIfAbsent(key.getValue(), member);
            if (earlier != null) {
                throw refused(
                        event,
                        "the key " + Quoted.of(key.getValue()) + " stands in line " + earlier.line() + " already");
            }
        }
        return new Element.Section(members, line(start));
    }

    private Element scalar(ScalarEvent event) {
        refuseTag(event, event.getTag());
        String text = event.getValue();
        if (event.getScalarStyle() != ScalarStyle.PLAIN) {
            return new Element.Scalar(text, text, line(event));
        }
        return new Element.Scalar(text, value(event, text), line(event));
    }

    private @Nullable Object value(Event event, String text) {
        Tag tag = resolver.resolve(text, true);
        if (tag.equals(Tag.NULL)) {
            return null;
        }
        if (tag.equals(Tag.BOOL)) {
            return Boolean.parseBoolean(text);
        }
        try {
            if (tag.equals(Tag.INT)) {
                return whole(text);
            }
            if (tag.equals(Tag.FLOAT)) {
                return Element.plain(floating(text));
            }
        } catch (NumberFormatException e) {
            throw refused(event, "the number " + Quoted.shortened(text) + " is out of range");
        }
        return text;
    }

    private static long whole(String text) {
        return text.startsWith("0x")
                ? Long.parseLong(text.substring(2), 16)
                : text.startsWith("0o") ? Long.parseLong(text.substring(2), 8) : Long.parseLong(text);
    }

    private static double floating(String text) {
        String bare = text.startsWith("+") || text.startsWith("-") ? text.substring(1) : text;
        if (bare.equalsIgnoreCase(".inf") || bare.equalsIgnoreCase(".nan")) {
            throw new NumberFormatException(text);
        }
        double value = Double.parseDouble(text);
        if (Double.isInfinite(value)) {
            throw new NumberFormatException(text);
        }
        return value;
    }

    private void refuseTag(Event event, Optional<String> tag) {
        if (tag.isPresent()) {
            throw refused(event, "tags (" + Quoted.shortened(tag.get()) + ") are not taken");
        }
    }

    private FailureException refused(Event event, String what) {
        return new FailureException(Failure.BadInput.malformed(document + ", line " + line(event) + ": " + what));
    }

    private static int line(Event event) {
        return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }
}
