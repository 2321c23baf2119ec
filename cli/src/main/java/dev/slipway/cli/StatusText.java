package dev.slipway.cli;

import java.net.URI;
import java.util.List;
import java.util.Map;

/** A server's status as people read it: a line for each figure, indented below what it belongs to. */
final class StatusText {

    private StatusText() {}

    static String of(URI server, Document status) {
        StringBuilder text = new StringBuilder(server.toString()).append('\n');
        append(text, "  ", status);
        return text.toString();
    }

    private static void append(StringBuilder text, String indent, Document document) {
        document.members().forEach((name, value) -> {
            switch (value) {
                case null -> {}
                case Map<?, ?> map -> {
                    text.append(indent).append(name).append('\n');
                    append(text, indent + "  ", Document.of(map));
                }
                case List<?> list
                when list.stream().anyMatch(Map.class::isInstance) -> {
                    text.append(indent).append(name).append('\n');
                    list.forEach(element -> append(text, indent + "  ", Document.of(element)));
                }
                case List<?> list ->
                    text.append(indent)
                            .append(name)
                            .append("  ")
                            .append(String.join(
                                    ", ", list.stream().map(String::valueOf).toList()))
                            .append('\n');
                default ->
                    text.append(indent).append(name).append("  ").append(value).append('\n');
            }
        });
    }
}
