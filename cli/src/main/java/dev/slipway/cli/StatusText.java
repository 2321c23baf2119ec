package dev.slipway.cli;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/** A server's status as people read it: what it is, what it has loaded, what has failed. */
final class StatusText {

    private final Output output;

    StatusText(Output output) {
        this.output = output;
    }

    String of(URI server, Document status) {
        Document memory = status.object("memory");
        StringBuilder text = new StringBuilder(output.bold(server.toString()))
                .append(status.text("ready").equals("true") ? "  ready" : "  not ready")
                .append("\n\n");
        line(text, "version", status.text("version"));
        line(text, "java", status.text("java"));
        line(text, "up", up(status.number("uptime_ms")));
        line(text, "dialects", String.join(", ", status.texts("dialects")));
        line(text, "engines", String.join(", ", status.texts("engines")));
        line(text, "heap", ModelText.size(memory.number("heap_used_bytes")));
        line(
                text,
                "models",
                ModelText.size(memory.number("model_bytes")) + " of "
                        + ModelText.size(memory.number("model_limit_bytes")) + ", "
                        + status.text("on_demand") + " versions come on demand");
        line(text, "tensors", ModelText.size(memory.number("tensor_bytes")));
        loaded(text, status.objects("loaded"));
        for (Document failed : status.objects("failed")) {
            text.append('\n')
                    .append(named(failed))
                    .append(" failed: ")
                    .append(failed.text("detail"))
                    .append('\n');
        }
        return text.toString();
    }

    private void loaded(StringBuilder text, List<Document> versions) {
        if (versions.isEmpty()) {
            return;
        }
        Table table = output.table("LOADED", "STATE", "QUEUED", "RUNNING", "PREDICTIONS", "RUNS", "BATCHABLE");
        for (Document version : versions) {
            table.row(
                    named(version),
                    version.text("state"),
                    version.text("queued"),
                    version.text("running"),
                    version.text("inferences"),
                    version.text("executions"),
                    version.text("batchable"));
        }
        text.append('\n').append(table);
    }

    private static String named(Document version) {
        return version.text("model") + "/" + version.text("version");
    }

    private static String up(double millis) {
        if (Double.isNaN(millis)) {
            return "";
        }
        Duration up = Duration.ofMillis((long) millis);
        return up.toHours() > 0
                ? up.toHours() + " h " + up.toMinutesPart() + " min"
                : up.toMinutes() + " min " + up.toSecondsPart() + " s";
    }

    private static void line(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append(name)
                    .repeat(' ', Math.max(2, 12 - name.length()))
                    .append(value)
                    .append('\n');
        }
    }
}
