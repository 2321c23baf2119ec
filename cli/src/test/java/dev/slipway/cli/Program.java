package dev.slipway.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs command lines in this process, without a terminal, and keeps what they print. */
final class Program {

    private final Path directory;
    private final Map<String, String> variables = new HashMap<>();
    private byte[] input = {};
    private boolean terminal;
    private int columns = Environment.WIDE;

    Program(Path directory) {
        this.directory = directory;
    }

    /** What a command line came to. */
    record Run(int exit, String out, String err) {}

    Program with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    Program input(String text) {
        input = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    Program onTerminal() {
        terminal = true;
        return this;
    }

    Program onTerminal(int width) {
        columns = width;
        return onTerminal();
    }

    Environment environment(PrintStream out, PrintStream err) {
        return new Environment(
                variables,
                new ByteArrayInputStream(input),
                out,
                err,
                directory,
                "slipway",
                terminal,
                terminal,
                columns);
    }

    Run run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = Main.run(
                environment(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)),
                args);
        return new Run(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
