package dev.slipway.cli;

import dev.slipway.json.Json;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Where results go: tables for people, the API's own documents as JSON or YAML for programs. */
final class Output {

    /** How a result is printed. */
    enum Format {
        TABLE,
        JSON,
        YAML;

        private static final Pattern ASKED = Pattern.compile("(?i)(?:--output[ =]|-o[ =]?)(table|json|yaml)");

        /** The format that a command line asks for, also where the rest of it cannot be understood. */
        static Format asked(List<String> arguments) {
            Format asked = TABLE;
            for (int i = 0; i < arguments.size(); i++) {
                String next = i + 1 < arguments.size() ? " " + arguments.get(i + 1) : "";
                for (String words : List.of(arguments.get(i), arguments.get(i) + next)) {
                    Matcher matcher = ASKED.matcher(words);
                    if (matcher.matches()) {
                        asked = valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
                    }
                }
            }
            return asked;
        }

        /** As it is typed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final PrintStream out;
    private final Format format;
    private final boolean quiet;
    private final boolean color;
    private final int columns;

    Output(Environment environment, Format format, boolean quiet) {
        this.out = environment.out();
        this.format = format;
        this.quiet = quiet;
        this.color = environment.color();
        this.columns = environment.columns();
    }

    /**
     * Prints a result.
     *
     * @param document the API's document
     * @param people the same for people
     * @param essence the part of it that {@code --quiet} leaves
     */
    void result(@Nullable Object document, Supplier<String> people, Supplier<String> essence) {
        print(
                switch (format) {
                    case TABLE -> quiet ? essence.get() : people.get();
                    case JSON -> Json.pretty(document);
                    case YAML -> yaml(document);
                });
    }

    /** Prints a part of a result that comes bit by bit; only JSON has such. */
    void line(Object document) {
        if (format == Format.JSON) {
            print(Json.write(document));
        }
    }

    /** Prints why there is no result, where a program reads it; people are told on stderr. */
    void failure(Object document) {
        switch (format) {
            case TABLE -> {}
            case JSON -> print(Json.pretty(document));
            case YAML -> print(yaml(document));
        }
    }

    private void print(String text) {
        out.print(text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
        out.flush();
    }

    /** Prints a result of which nothing can be left out. */
    void result(@Nullable Object document, Supplier<String> people) {
        result(document, people, people);
    }

    Format format() {
        return format;
    }

    int columns() {
        return columns;
    }

    boolean quiet() {
        return quiet;
    }

    String bold(String text) {
        return color ? "\033[1m" + text + "\033[0m" : text;
    }

    Table table(String... headers) {
        return new Table(this, headers);
    }

    private static String yaml(@Nullable Object document) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setWidth(120)
                .build();
        return new Dump(settings).dumpToString(document);
    }
}
