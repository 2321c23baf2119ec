package dev.slipway.cli;

import dev.slipway.core.Count;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "history",
        header = "What happened to a model.",
        description = "Releases and other changes, newest first.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipway history iris",
            "  slipway history iris --verify",
            "  slipway history iris --at 2026-11-22T08:00:00Z"
        })
final class HistoryCommand implements Callable<Integer> {

    private final GlobalOptions options;

    @Parameters(paramLabel = "MODEL")
    private String model = "";

    @ArgGroup
    private Question question = new Question();

    /** What else than the list of what happened can be asked. */
    private static final class Question {

        @Option(names = "--verify", description = "Check that no entry was changed or lost.")
        private boolean verify;

        @Option(names = "--at", paramLabel = "TIME", description = "What served at that moment (RFC 3339).")
        private @Nullable String at;
    }

    HistoryCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        String history = Api.modelPath(model) + "/history";
        String at = question.at;
        Output output = options.output();
        if (question.verify) {
            return verdict(output, Document.of(options.api().get(history + "?verify=true")));
        }
        Object answer = options.api().get(at == null ? history : history + "?at=" + Api.encode(moment(at)));
        Document document = Document.of(answer);
        output.result(answer, () -> at == null ? table(output, document) : served(document));
        return 0;
    }

    private static String moment(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant().toString();
        } catch (DateTimeParseException e) {
            throw CommandFailure.usage(
                    "--at must be a moment, '" + text + "' given", "One looks like 2026-11-22T08:00:00Z.");
        }
    }

    private int verdict(Output output, Document document) {
        Document report = document.object("chain");
        boolean intact = report.text("intact").equals("true");
        output.result(
                document.members(),
                () -> intact
                        ? "intact: " + Count.of((long) report.number("entries"), "entry", "entries")
                                + ", each following from the one before"
                        : "BROKEN at entry " + report.text("first_broken_seq") + ": " + report.text("detail"));
        return intact ? 0 : 1;
    }

    private static String table(Output output, Document history) {
        Table table = output.table("#", "TIME", "ACTION", "VERSION", "SERVES", "ACTOR", "REASON");
        for (Document entry : history.objects("entries")) {
            table.row(
                    entry.text("seq"),
                    entry.moment("time"),
                    entry.text("action"),
                    entry.text("version"),
                    serves(entry),
                    entry.text("actor"),
                    entry.text("reason"));
        }
        return table.toString();
    }

    /** What served after an entry, and the aliases that it moved. */
    private static String serves(Document entry) {
        StringBuilder text = new StringBuilder(new ModelText(entry).serving());
        Document aliases = entry.object("aliases");
        aliases.members()
                .keySet()
                .forEach(alias -> text.append("; ")
                        .append(alias)
                        .append(aliases.has(alias) ? "=" + aliases.text(alias) : " removed"));
        return text.toString();
    }

    private String served(Document answer) {
        return new ModelText(answer).serving();
    }
}
