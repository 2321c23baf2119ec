package dev.slipway.cli;

import java.util.List;
import java.util.stream.Collectors;

/** A version as people read it: a line for each fact. */
final class VersionText {

    private VersionText() {}

    static String of(Document version) {
        StringBuilder text = new StringBuilder();
        for (String fact :
                List.of("model", "version", "state", "task", "description", "format", "batchable", "engine")) {
            line(text, fact, version.text(fact));
        }
        line(text, "failure", version.object("failure").text("detail"));
        line(text, "size", ModelText.size(version.number("size")));
        line(text, "created", version.moment("created"));
        line(text, "digest", version.text("digest"));
        line(text, "labels", String.join(", ", version.texts("labels")));
        line(text, "columns", String.join(", ", version.texts("columns")));
        Document signature = version.object("signature");
        signature.objects("inputs").forEach(input -> line(text, "input", tensor(input)));
        signature.objects("outputs").forEach(output -> line(text, "output", tensor(output)));
        Document settings = version.object("settings");
        settings.members().keySet().forEach(key -> line(text, key, settings.text(key)));
        return text.toString();
    }

    private static String tensor(Document spec) {
        return spec.text("name") + "  " + type(spec);
    }

    /** The type and shape of a tensor: {@code FP32[batch,4]}, with {@code ?} for a dimension without a name. */
    static String type(Document spec) {
        String shape = spec.texts(spec.has("dimensions") ? "dimensions" : "shape").stream()
                .map(size -> size.equals("-1") ? "?" : size)
                .collect(Collectors.joining(",", "[", "]"));
        return spec.text("datatype") + shape;
    }

    static String check(Document check) {
        String verdict = check.text("passed").equals("true") ? "passed" : "FAILED";
        return check.text("name") + " " + verdict + ": " + check.text("detail");
    }

    private static void line(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append(name)
                    .repeat(' ', Math.max(2, 18 - name.length()))
                    .append(value)
                    .append('\n');
        }
    }
}
