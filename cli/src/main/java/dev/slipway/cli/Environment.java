package dev.slipway.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the program has from outside.
 *
 * @param variables the environment's variables
 * @param directory what relative paths start from
 * @param command how the caller named the program, for commands to try: {@code ./slipway}
 * @param outIsTerminal whether a person reads {@code out}
 * @param errIsTerminal whether a person reads {@code err}, who likes to see progress
 * @param columns how wide what a person reads may be; {@link #WIDE} where nobody can say
 */
record Environment(
        Map<String, String> variables,
        InputStream in,
        PrintStream out,
        PrintStream err,
        Path directory,
        String command,
        boolean outIsTerminal,
        boolean errIsTerminal,
        int columns) {

    /** No limit. */
    static final int WIDE = Integer.MAX_VALUE;

    private static final int NARROWEST = 40;

    Environment {
        variables = Map.copyOf(variables);
    }

    /** This process's own. The launcher says which streams are terminals and how wide, which Java cannot tell. */
    static Environment ofProcess() {
        String terminals = System.getProperty("slipway.terminals", "");
        return new Environment(
                System.getenv(),
                System.in,
                System.out,
                System.err,
                Path.of("").toAbsolutePath(),
                typed(System.getProperty("slipway.command", "slipway")),
                terminals.contains("out"),
                terminals.contains("err"),
                columns(System.getProperty("slipway.columns", "")));
    }

    /** A command as a shell reads it again. */
    private static String typed(String command) {
        return command.matches("[\\w./@%+=:,-]+") ? command : "'" + command.replace("'", "'\\''") + "'";
    }

    private static int columns(String text) {
        return text.matches("[1-9]\\d{0,4}") ? Math.max(NARROWEST, Integer.parseInt(text)) : WIDE;
    }

    /** A variable's value, or what stands for it when it is not set or empty. */
    String variable(String name, String otherwise) {
        String value = variables.getOrDefault(name, "");
        return value.isEmpty() ? otherwise : value;
    }

    boolean color() {
        return outIsTerminal
                && variable("NO_COLOR", "").isEmpty()
                && !variable("TERM", "").equals("dumb");
    }

    Path resolve(String path) {
        return directory.resolve(path).normalize();
    }

    /** The place of a file that will be written at the end; refused now if it cannot be, so that nothing is done in vain. */
    Path resolveNew(String option, String path) {
        Path file = resolve(path);
        Path folder = file.resolveSibling("").toAbsolutePath();
        if (Files.isDirectory(file) || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw CommandFailure.usage(
                    option + ": a file in a folder that exists and may be written to, '" + path + "' given",
                    "Make the folder first, or name another file.");
        }
        return file;
    }
}
