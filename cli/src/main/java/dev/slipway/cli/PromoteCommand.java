package dev.slipway.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "promote",
        header = "Send traffic to a version.",
        description = "Loads it beside traffic first, then moves.",
        footerHeading = "%nExamples:%n",
        footer = {"  slipway promote iris --to 3", "  slipway promote iris --to 3 --alias canary"})
final class PromoteCommand implements Callable<Integer> {

    private final GlobalOptions options;

    @Parameters(paramLabel = "MODEL")
    private String model = "";

    @Option(names = "--to", required = true, paramLabel = "VERSION", description = "The version.")
    private long to;

    @Option(
            names = "--alias",
            paramLabel = "NAME",
            defaultValue = "stable",
            description = "Move this name instead of the traffic.")
    private String alias = "stable";

    PromoteCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        String path = Api.modelPath(model) + "/aliases/" + Api.encode(alias);
        Object answer = options.api().send("PUT", path, Map.of("version", Long.toString(to)));
        options.output()
                .result(
                        answer,
                        () -> alias.equals("stable") ? model + " serves " + to : model + "@" + alias + " is " + to,
                        () -> model + "/" + to);
        return 0;
    }
}
