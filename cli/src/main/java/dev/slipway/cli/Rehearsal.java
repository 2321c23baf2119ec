package dev.slipway.cli;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Does in one process what people do after a start, for a JVM that watches which classes that takes and keeps them ready
 * for later starts ({@code -XX:AOTCacheOutput}, JEP 514). The launcher runs it on the examples, in a home of its own.
 */
final class Rehearsal {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final List<List<String>> COMMANDS = List.of(
            List.of("status"),
            List.of("models"),
            List.of("show", "iris"),
            List.of("history", "iris"),
            List.of("predict", "iris", "5.1", "3.5", "1.4", "0.2"),
            List.of("predict", "digits", "digits/samples/7.png"),
            bench("json"),
            bench("binary"),
            bench("grpc"));

    private Rehearsal() {}

    private static List<String> bench(String protocol) {
        return List.of(
                "bench", "iris", "--protocol", protocol, "--concurrency", "4", "--duration", "1", "--warm-up", "0");
    }

    /** Serves the examples until everything was done once; ends with 0 if all of it worked. */
    static void main(String[] args) throws InterruptedException {
        giveUpLater();
        Path examples = Path.of(args[0]);
        Path home = Path.of(args[1]);
        Environment environment = new Environment(
                Map.of("SLIPWAY_HOME", home.toString()),
                InputStream.nullInputStream(),
                System.out,
                System.err,
                examples,
                "slipway",
                false,
                false,
                Environment.WIDE);
        Thread server = Thread.ofPlatform()
                .daemon(true)
                .start(() -> Main.run(environment, "serve", examples.toString(), "--port", "0"));
        while (!ready(environment, home)) {
            if (!server.isAlive()) {
                System.exit(1);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        int failed = 0;
        for (List<String> command : COMMANDS) {
            failed |= Main.run(environment, command.toArray(String[]::new));
        }
        System.exit(failed);
    }

    private static boolean ready(Environment environment, Path home) {
        return ServerRecord.running(home).isPresent()
                && new GlobalOptions(environment).api().exists("/health/ready");
    }

    /** Ends a rehearsal that hangs: somebody waits for the program behind it. */
    private static void giveUpLater() {
        Thread.ofPlatform().daemon(true).start(() -> {
            LockSupport.parkNanos(PATIENCE.toNanos());
            Runtime.getRuntime().halt(1);
        });
    }
}
