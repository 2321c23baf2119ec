package dev.slipway.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine;

/** The program {@code slipway}. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(Environment.ofProcess(), args));
    }

    /** Runs one command line and returns its exit code: 0 done, 1 it failed, 2 wrong usage. */
    static int run(Environment environment, String... args) {
        return commandLine(environment).execute(args);
    }

    static CommandLine commandLine(Environment environment) {
        GlobalOptions options = new GlobalOptions(environment);
        CommandLine program = new CommandLine(new SlipwayCommand(options))
                .addSubcommand(new ServeCommand(options))
                .addSubcommand(new DeployCommand(options))
                .addSubcommand(new PredictCommand(options))
                .addSubcommand(new ModelsCommand(options))
                .addSubcommand(new ShowCommand(options))
                .addSubcommand(new HistoryCommand(options))
                .addSubcommand(new PromoteCommand(options))
                .addSubcommand(new RollbackCommand(options))
                .addSubcommand(new RemoveCommand(options))
                .addSubcommand(new StatusCommand(options))
                .addSubcommand(new StopCommand(options))
                .addSubcommand(new BenchCommand(options))
                .addSubcommand(new TuneCommand(options))
                .addSubcommand(new ConfigCommand(options))
                .addSubcommand(new VersionCommand(options))
                .addSubcommand(new CompletionCommand(options));
        CommandLine.Help.Ansi ansi = environment.color() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF;
        Errors errors = new Errors(options);
        return program.setOut(writer(environment.out()))
                .setErr(writer(environment.err()))
                .setColorScheme(CommandLine.Help.defaultColorScheme(ansi))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(Math.min(100, environment.columns()))
                .setAbbreviatedOptionsAllowed(false)
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }
}
