package dev.slipway.server.config;

import dev.slipway.core.DataSize;
import dev.slipway.core.Durations;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * How a value stands in a file, a variable or a flag.
 *
 * @param description what is expected, for messages: {@code a whole number}
 * @param read the value, or nothing if the text is none
 * @param write the text that reads as the value
 */
record Form<T>(Class<T> type, String description, Function<String, Optional<T>> read, Function<T, String> write) {

    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,9}");

    static final Form<String> TEXT = new Form<>(String.class, "text", Optional::of, Function.identity());

    static final Form<Integer> NUMBER = new Form<>(
            Integer.class,
            "a whole number",
            text -> WHOLE.matcher(text).matches() ? Optional.of(Integer.valueOf(text)) : Optional.empty(),
            String::valueOf);

    static final Form<Boolean> SWITCH = new Form<>(
            Boolean.class,
            "true or false",
            text -> switch (text.toLowerCase(Locale.ROOT)) {
                case "true" -> Optional.of(true);
                case "false" -> Optional.of(false);
                default -> Optional.empty();
            },
            String::valueOf);

    static final Form<DataSize> SIZE =
            new Form<>(DataSize.class, "a size such as 64MiB", Form::size, DataSize::toString);

    static final Form<Duration> DURATION =
            new Form<>(Duration.class, "a duration such as 30s or PT30S", Durations::parse, Durations::write);

    static final Form<Logging.Level> LEVEL = new Form<>(
            Logging.Level.class,
            "error, warn, info, debug or trace",
            Logging.Level::parse,
            level -> level.name().toLowerCase(Locale.ROOT));

    private static Optional<DataSize> size(String text) {
        try {
            return Optional.of(DataSize.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
