package dev.slipway.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        header = "Print a completion script.",
        description = "Completes verbs and options in bash and zsh.",
        footerHeading = "%nExamples:%n",
        footer = {"  source <(slipway completion)"})
final class CompletionCommand implements Callable<Integer> {

    private final GlobalOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    CompletionCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        options.environment()
                .out()
                .print(AutoComplete.bash("slipway", spec.root().commandLine()));
        options.environment().out().flush();
        return 0;
    }
}
