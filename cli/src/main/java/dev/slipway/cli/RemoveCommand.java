package dev.slipway.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove",
        header = "Remove a model or version.",
        description = "Drains and unloads it first. The history stays.",
        footerHeading = "%nExamples:%n",
        footer = {"  slipway remove iris/1", "  slipway remove iris"})
final class RemoveCommand implements Callable<Integer> {

    private final GlobalOptions options;

    @Parameters(paramLabel = "MODEL[/VERSION]")
    private String model = "";

    RemoveCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        options.api().send("DELETE", Api.modelPath(model), null);
        options.output().result(Map.of("removed", model), () -> "removed " + model, () -> model);
        return 0;
    }
}
