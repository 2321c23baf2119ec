package dev.slipway.verify.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that is started for a measurement. */
public final class OwnProcess implements AutoCloseable {

    private final Process process;

    private OwnProcess(Process process) {
        this.process = process;
    }

    /**
     * A Java program that serves, on the class path and with the options that all of them have.
     *
     * @param name more options of the Java machine stand in the system property {@code slipway.benchmarks.NAME}
     */
    static OwnProcess server(String name, Class<?> program, List<String> arguments) throws IOException {
        return command(java(name, program, arguments));
    }

    /** The same for a program that is spoken to by its input and output. */
    static OwnProcess spokenTo(String name, Class<?> program, List<String> arguments) throws IOException {
        return new OwnProcess(new ProcessBuilder(java(name, program, arguments))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Any program, whose output nobody reads. */
    static OwnProcess command(List<String> command) throws IOException {
        return new OwnProcess(new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** {@code slipway serve} by its launcher, which builds it first where that is needed. */
    static OwnProcess launcher(Path launcher, Map<String, String> environment, Path home, int port, List<String> models)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString(), "serve"));
        command.addAll(models);
        command.addAll(List.of("--quiet", "--home", home.toString(), "--port", Integer.toString(port)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        return new OwnProcess(
                builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    private static List<String> java(String name, Class<?> program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String options = System.getProperty("slipway.benchmarks." + name, "");
        if (!options.isEmpty()) {
            command.addAll(List.of(options.split(" ", -1)));
        }
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(arguments);
        return command;
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Process process() {
        return process;
    }

    /** What it serves. */
    Served served(String name, int port, String path) {
        return new Served(name, URI.create("http://127.0.0.1:" + port + path), process.toHandle());
    }

    /** Asks it and its children to end, and makes them. */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        children.forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
