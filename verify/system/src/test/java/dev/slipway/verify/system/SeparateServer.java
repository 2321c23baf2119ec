package dev.slipway.verify.system;

import dev.slipway.cli.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code slipway serve} as a process of its own, to be stopped, killed and started again. */
final class SeparateServer implements AutoCloseable {

    private static final int START_SECONDS = 120;

    private final Process process;
    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final CountDownLatch answers = new CountDownLatch(1);
    private final CountDownLatch silent = new CountDownLatch(1);
    private volatile int port = -1;

    private SeparateServer(Process process) {
        this.process = process;
        Thread.ofVirtual().name("server-output").start(this::listen);
    }

    /** Starts a server on a free port; returns when it says where it answers. */
    static SeparateServer start(Path home, String... models) throws IOException, InterruptedException {
        return start(List.of(), List.of(), home, models);
    }

    /**
     * The same, run by other programs and with other options of the Java machine.
     *
     * @param before a command that runs the rest of its arguments
     */
    static SeparateServer start(List<String> before, List<String> javaOptions, Path home, String... models)
            throws IOException, InterruptedException {
        SeparateServer server = launch(before, javaOptions, home, models);
        if (!server.answers.await(START_SECONDS, TimeUnit.SECONDS) || server.port < 0) {
            String said = server.said();
            server.close();
            throw new IOException("the server did not start: " + said);
        }
        return server;
    }

    /** Starts a server without waiting for anything. */
    static SeparateServer launch(List<String> before, List<String> javaOptions, Path home, String... models)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-Xshare:auto"));
        command.addAll(javaOptions);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--quiet",
                "--home",
                home.toString(),
                "--port",
                "0"));
        command.addAll(List.of(models));
        Files.createDirectories(home);
        return new SeparateServer(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    private void listen() {
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
                if (port < 0 && line.startsWith("http://127.0.0.1:")) {
                    port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
                    answers.countDown();
                }
            }
        } catch (IOException e) {
            said.add(e.toString());
        } finally {
            silent.countDown();
            answers.countDown();
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Everything that it has printed. */
    String said() {
        return String.join("\n", said);
    }

    /** The same, once it prints no more. */
    String saidAll() throws InterruptedException {
        silent.await();
        return String.join("\n", said);
    }

    /** Asks it to end: SIGTERM. What it says then is still heard, as it would not be after {@link Process#destroy}. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Ends a server that another program runs, and waits for both. */
    void terminateTraced() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroy);
        exit();
    }

    /** Ends it at once: SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Waits for the end; the exit code. */
    int exit() throws InterruptedException {
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            throw new IllegalStateException("the server has not ended: " + said());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
