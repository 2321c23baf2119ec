package dev.slipway.cli;

import dev.slipway.server.config.Listen;
import dev.slipway.server.config.ServerConfig;
import dev.slipway.server.config.Serving;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The common settings of a server as flags. */
final class ListenOptions {

    @Option(names = "--host", paramLabel = "HOST", description = "Where to listen (127.0.0.1).")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "PORT", description = "The port (8080); 0 takes any free one.")
    private @Nullable Integer port;

    @Option(names = "--admin-port", paramLabel = "PORT", description = "Administration on a port of its own.")
    private @Nullable Integer adminPort;

    @Option(names = "--strict-readiness", description = "Not ready while a version that should serve has failed.")
    private boolean strict;

    /** The defaults, changed by environment variables and then by flags. */
    ServerConfig configure(Path home, Environment environment) {
        ServerConfig config = ServerConfig.of(home);
        Listen listen = config.server();
        Listen wanted = new Listen(
                host == null ? environment.variable("SLIPWAY_SERVER_HOST", listen.host()) : host,
                port == null ? number(environment, "SLIPWAY_SERVER_PORT", listen.port()) : port,
                adminPort == null ? number(environment, "SLIPWAY_SERVER_ADMIN_PORT", listen.adminPort()) : adminPort,
                listen.eventLoops());
        Serving serving = config.serving();
        return new ServerConfig(
                home,
                wanted,
                config.limits(),
                config.timeouts(),
                config.log(),
                new Serving(serving.tensorMemory(), serving.tensorMemoryKept(), strict, serving.defaultModel()));
    }

    private static int number(Environment environment, String variable, int otherwise) {
        String text = environment.variable(variable, Integer.toString(otherwise));
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new CommandFailure("the variable " + variable + " must be a number, '" + text + "' given");
        }
    }
}
