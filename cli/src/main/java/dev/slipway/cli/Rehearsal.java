package dev.slipway.cli;

import dev.slipway.deployment.DeployRequest;
import dev.slipway.server.config.Listen;
import dev.slipway.server.config.ServerConfig;
import java.io.IOException;
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
                "bench", "iris", "--protocol", protocol, "--concurrency", "4", "--duration", "1", "--warm-up", "0.1");
    }

    /** Serves the examples until everything was done once, deployed and brought back; ends with 0 if all of it worked. */
    static void main(String[] args) throws InterruptedException, IOException {
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
        deployTo(home, examples.resolve("iris"));
        Thread server = Thread.ofPlatform()
                .daemon(true)
                .start(() -> Main.run(environment, "serve", examples.toString(), "--port", "0"));
        while (!ready(environment, home)) {
            if (!server.isAlive()) {
                System.exit(1);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        for (List<String> command : COMMANDS) {
            if (Main.run(environment, command.toArray(String[]::new)) != 0) {
                Runtime.getRuntime().halt(1); // an exit would be the server's, which ends with 0
            }
        }
        System.exit(0);
    }

    /** Leaves a model in the home, which the server behind finds there. */
    private static void deployTo(Path home, Path model) throws IOException {
        ServerConfig config = ServerConfig.of(home).with(new Listen("127.0.0.1", 0, -1, 1));
        try (ServerProcess process = ServerProcess.start(config, VersionCommand.version())) {
            process.restore(() -> process.deployments().deploy(DeployRequest.of(null, model, "rehearsal")));
        }
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
