package dev.slipway.cli;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** How a verb's failure is told: one message, what to do, and never a stack trace. */
final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private final Environment environment;

    Errors(Environment environment) {
        this.environment = environment;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine verb = e.getCommandLine();
        tell(e.getMessage(), suggestions(e));
        String name = verb.getParent() == null ? "" : " " + verb.getCommandName();
        environment.err().println("See: " + environment.command() + name + " --help");
        return 2;
    }

    private static String suggestions(ParameterException e) {
        StringWriter near = new StringWriter();
        UnmatchedArgumentException.printSuggestions(e, new PrintWriter(near, true));
        return near.toString().strip();
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine verb, ParseResult parsed) {
        switch (e) {
            case CommandFailure failure -> tell(failure.getMessage(), failure.remedy());
            case FailureException failure -> tell(failure.failure().detail(), remedy(failure.failure()));
            default -> tell("an unexpected error: " + e, "This is a defect of Slipway: please report it.");
        }
        return 1;
    }

    private static String remedy(Failure failure) {
        return failure instanceof Failure.Internal ? "This is a defect of Slipway: please report it." : "";
    }

    private void tell(@Nullable String what, String remedy) {
        environment.err().println("slipway: " + what);
        if (!remedy.isEmpty()) {
            environment.err().println(remedy);
        }
    }
}
