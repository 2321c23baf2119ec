package dev.slipway.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "slipway",
        header = "Takes a trained model from a file to live predictions.",
        synopsisHeading = "%n",
        synopsisSubcommandLabel = "VERB",
        abbreviateSynopsis = true,
        commandListHeading = "%nVerbs:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipway serve examples                serve the example models",
            "  slipway deploy model.onnx             a model of your own, beside traffic",
            "  slipway predict iris 5.1 3.5 1.4 0.2  ask for a prediction",
            "  slipway rollback iris                 back to the version before"
        })
final class SlipwayCommand implements Callable<Integer> {

    @Mixin
    private final GlobalOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-V", "--version"},
            description = "Print the version.")
    private boolean version;

    SlipwayCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        if (version) {
            options.environment().out().println("slipway " + VersionCommand.version());
        } else {
            spec.commandLine().usage(options.environment().out());
        }
        return 0;
    }
}
