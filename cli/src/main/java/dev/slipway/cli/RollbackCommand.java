package dev.slipway.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rollback",
        header = "Back to an earlier version.",
        description = "To the last one that was stable before and was not itself rolled back.",
        footerHeading = "%nExamples:%n",
        footer = {"  slipway rollback iris", "  slipway rollback iris --to 1"})
final class RollbackCommand implements Callable<Integer> {

    private final GlobalOptions options;

    @Parameters(paramLabel = "MODEL")
    private String model = "";

    @Option(names = "--to", paramLabel = "VERSION", description = "The version to go back to.")
    private @Nullable Long to;

    RollbackCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Map<String, Object> body = to == null ? Map.of() : Map.of("to", Long.toString(to));
        Object answer = options.api().send("POST", Api.modelPath(model) + "/rollback", body);
        String serving = new ModelText(Document.of(answer)).serving();
        options.output().result(answer, () -> model + " serves " + serving, () -> model + "/" + serving);
        return 0;
    }
}
