package dev.slipway.cli;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** How a verb's failure is told: one message, what to do, and never a stack trace. */
final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private static final String DEFECT = "This is a defect of Slipway: please report it.";

    private final GlobalOptions options;

    Errors(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine verb = e.getCommandLine();
        String name = verb.getParent() == null ? "" : " " + verb.getCommandName();
        CommandFailure failure = CommandFailure.usage(
                WrongUsage.of(e), "See: " + options.environment().command() + name + " --help");
        new Output(options.environment(), Output.Format.asked(List.of(args)), false).failure(failure.document());
        tell(failure);
        return failure.exit();
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine verb, ParseResult parsed) {
        CommandFailure failure = switch (e) {
            case CommandFailure told -> told;
            case FailureException refused ->
                new CommandFailure(
                        refused.failure().detail(),
                        refused.failure() instanceof Failure.Internal
                                ? "Where the disk is not at fault, this is a defect of Slipway: please report it."
                                : "");
            case IOException io -> new CommandFailure(text(io));
            default -> new CommandFailure("an unexpected error: " + e, DEFECT);
        };
        options.output().failure(failure.document());
        tell(failure);
        return failure.exit();
    }

    /** What went wrong with a file, as people say it. */
    static String text(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied: " + denied.getFile();
            case NoSuchFileException missing -> "there is no file or folder '" + missing.getFile() + "'";
            case FileAlreadyExistsException there -> "'" + there.getFile() + "' is there and is no folder";
            case NotDirectoryException file -> "'" + file.getFile() + "' is no folder";
            case FileSystemException other -> String.valueOf(other.getMessage());
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }

    private void tell(CommandFailure failure) {
        options.environment().err().println("slipway: " + failure.getMessage());
        if (!failure.remedy().isEmpty()) {
            options.environment().err().println(failure.remedy());
        }
    }
}
