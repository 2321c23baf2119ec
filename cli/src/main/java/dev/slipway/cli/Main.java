package dev.slipway.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;

/** The program {@code slipway}. */
public final class Main {

    private static final List<Verb> VERBS = List.of(
            new Verb("serve", ServeCommand::new),
            new Verb("deploy", DeployCommand::new),
            new Verb("predict", PredictCommand::new),
            new Verb("models", ModelsCommand::new),
            new Verb("show", ShowCommand::new),
            new Verb("history", HistoryCommand::new),
            new Verb("promote", PromoteCommand::new),
            new Verb("rollback", RollbackCommand::new),
            new Verb("remove", RemoveCommand::new),
            new Verb("status", StatusCommand::new),
            new Verb("stop", StopCommand::new),
            new Verb("bench", BenchCommand::new),
            new Verb("tune", TuneCommand::new),
            new Verb("config", ConfigCommand::new),
            new Verb("version", VersionCommand::new),
            new Verb("completion", CompletionCommand::new));

    private record Verb(String name, Function<GlobalOptions, Callable<Integer>> command) {}

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(Environment.ofProcess(), args));
    }

    /** Runs one command line and returns its exit code: 0 done, 1 it failed, 2 wrong usage. */
    static int run(Environment environment, String... args) {
        List<Verb> named = args.length == 0
                ? List.of()
                : VERBS.stream().filter(verb -> verb.name().equals(args[0])).toList();
        return commandLine(environment, named.isEmpty() ? VERBS : named).execute(args);
    }

    /** The whole program. To make all verbs takes longer than most of them run, so only those who need them do. */
    static CommandLine commandLine(Environment environment) {
        return commandLine(environment, VERBS);
    }

    private static CommandLine commandLine(Environment environment, List<Verb> verbs) {
        GlobalOptions options = new GlobalOptions(environment);
        CommandLine program = new CommandLine(new SlipwayCommand(options));
        verbs.forEach(verb -> program.addSubcommand(verb.name(), verb.command().apply(options)));
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
