package dev.slipway.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove",
        header = "Remove a model, version or alias.",
        description = "Models and versions are drained and unloaded first. The history stays.",
        footerHeading = "%nExamples:%n",
        footer = {"  slipway remove iris/1", "  slipway remove iris@canary", "  slipway remove iris"})
final class RemoveCommand implements Callable<Integer> {

    private final GlobalOptions options;

    @Parameters(paramLabel = "MODEL", description = "As iris, iris/1 or iris@canary.")
    private String model = "";

    RemoveCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        options.api().send("DELETE", Api.administrationPath(model), null);
        options.output().result(Map.of("removed", model), () -> "removed " + model, () -> model);
        return 0;
    }
}
