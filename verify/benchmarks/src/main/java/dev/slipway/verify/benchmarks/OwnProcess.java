package dev.slipway.verify.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process that is started for a measurement. */
public final class OwnProcess implements AutoCloseable {

    private static final Pattern TOTAL = Pattern.compile("Total +\\d+ +(\\d+)");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

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
        return server(name, List.of(), program, arguments);
    }

    /** The same with more options of the Java machine. */
    static OwnProcess server(String name, List<String> options, Class<?> program, List<String> arguments)
            throws IOException {
        List<String> command = java(name, program, arguments);
        command.addAll(1, options);
        return command(command);
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
    static OwnProcess launcher(Path launcher, Map<String, String> environment, Path home, int port) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        launcher.toString(),
                        "serve",
                        "--quiet",
                        "--home",
                        home.toString(),
                        "--port",
                        Integer.toString(port))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
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

    /**
     * The bytes that it holds: what is live in its heap after a collection, and what lies outside of it.
     *
     * @param heap that the whole heap takes, whose pages the JVM has touched all
     */
    long held(long heap) throws IOException, InterruptedException {
        Process histogram = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String total = "";
        try (var lines = histogram.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                total = line.startsWith("Total") ? line : total;
            }
        }
        histogram.waitFor();
        Matcher live = TOTAL.matcher(total);
        Matcher resident = RESIDENT.matcher(Files.readString(Path.of("/proc", Long.toString(process.pid()), "status")));
        if (!live.find() || !resident.find()) {
            throw new IOException("jcmd and /proc do not tell what process " + process.pid() + " holds");
        }
        return Long.parseLong(live.group(1)) + 1024 * Long.parseLong(resident.group(1)) - heap;
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
