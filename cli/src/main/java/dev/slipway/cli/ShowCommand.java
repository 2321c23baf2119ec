package dev.slipway.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        header = "Describe a model or version.",
        footerHeading = "%nExamples:%n",
        footer = {"  slipway show iris", "  slipway show iris/2 --output yaml"})
final class ShowCommand implements Callable<Integer> {

    private final GlobalOptions options;

    @Parameters(paramLabel = "MODEL[/VERSION]", description = "As iris or iris/2.")
    private String model = "";

    ShowCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Api api = options.api();
        Object answer = api.get(Api.modelPath(model));
        Document document = Document.of(answer);
        Output output = options.output();
        output.result(
                answer,
                () -> model.contains("/")
                        ? VersionText.of(document) + trial(document)
                        : model(output, document) + trial(foremost(api, document)));
        return 0;
    }

    private Document foremost(Api api, Document described) {
        String number = new ModelText(described).foremost();
        return number.isEmpty()
                ? new Document(Map.of())
                : Document.of(api.get(Api.modelPath(model) + "/versions/" + number));
    }

    /** A command to try, where the version is in memory. */
    private String trial(Document version) {
        return new TrialCommands(options.command(), "")
                .asking(
                        model,
                        Samples.none(options.environment().directory()),
                        version.members().get("example"))
                .map(line -> "\nTry it: " + line + "\n")
                .orElse("");
    }

    private static String model(Output output, Document model) {
        ModelText text = new ModelText(model);
        StringBuilder shown = new StringBuilder(output.bold(model.text("model")))
                .append("  serves ")
                .append(text.serving());
        if (!text.aliases().isEmpty()) {
            shown.append("  aliases ").append(text.aliases());
        }
        shown.append("\n\n");
        Table table = output.table("VERSION", "STATE", "TASK", "SIZE", "CREATED", "DIGEST");
        for (Document version : model.objects("versions")) {
            table.row(
                    version.text("version"),
                    version.text("state"),
                    version.text("task"),
                    ModelText.size(version.number("size")),
                    version.moment("created"),
                    shortened(version.text("digest")));
        }
        return shown.append(table).toString();
    }

    private static String shortened(String digest) {
        return digest.length() > 19 ? digest.substring(0, 19) : digest;
    }
}
