package dev.slipway.verify.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server that is started for a measurement, on the class path and with the options that all of them have. */
final class OwnServer implements AutoCloseable {

    private final Process process;
    private final Served served;

    private OwnServer(String name, String path, int port, Class<?> program, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path")));
        String options = System.getProperty("slipway.benchmarks." + name, "");
        if (!options.isEmpty()) {
            command.addAll(1, List.of(options.split(" ", -1)));
        }
        command.add(program.getName());
        command.addAll(arguments);
        process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        served = new Served(name, URI.create("http://127.0.0.1:" + port + path), process.toHandle());
    }

    /** Slipway, with one model, as its launcher starts it. */
    static OwnServer slipway(Path model, String name, Path home) throws IOException {
        int port = freePort();
        return new OwnServer(
                "slipway",
                "/v2/models/" + name + "/infer",
                port,
                dev.slipway.cli.Main.class,
                List.of("serve", model.toString(), "--home", home.toString(), "--port", Integer.toString(port)));
    }

    /** A program that takes a port, and answers whatever is posted. */
    static OwnServer floor(String name, Class<?> program) throws IOException {
        int port = freePort();
        return new OwnServer(name, "/", port, program, List.of(Integer.toString(port)));
    }

    /** A program that takes a port and a model's file, and answers V2 JSON. */
    static OwnServer byHand(String name, Class<?> program, Path model) throws IOException {
        int port = freePort();
        return new OwnServer(name, "/", port, program, List.of(Integer.toString(port), model.toString()));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Served served() {
        return served;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
