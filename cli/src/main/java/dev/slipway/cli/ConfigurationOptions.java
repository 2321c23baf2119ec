package dev.slipway.cli;

import dev.slipway.server.config.Configuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a server is told by flags, variables and its file. */
final class ConfigurationOptions {

    /** Variables that begin like those of the configuration and are the program's or the launcher's. */
    static final Set<String> OTHER_VARIABLES =
            Set.of("SLIPWAY_SERVER", "SLIPWAY_KEY", "SLIPWAY_CONFIG", "SLIPWAY_JAVA_OPTS", "SLIPWAY_NO_BUILD");

    @Mixin
    private final HomeOption home = new HomeOption();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration (SLIPWAY_CONFIG; slipway.yaml in the home, if there).")
    private @Nullable String file;

    @Option(names = "--host", paramLabel = "HOST", description = "Where to listen (127.0.0.1).")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "PORT", description = "The port (8080); 0 takes any free one.")
    private @Nullable Integer port;

    @Option(names = "--admin-port", paramLabel = "PORT", description = "Administration on a port of its own.")
    private @Nullable Integer adminPort;

    @Option(names = "--strict-readiness", description = "Not ready while a version that should serve has failed.")
    private @Nullable Boolean strict;

    /** Everything that is set, with where it comes from. */
    Configuration configuration(Environment environment) {
        Configuration configuration = Configuration.standard();
        Path named = named(environment);
        Path usual = home.folder(environment).resolve(Configuration.FILE);
        if (named != null) {
            configuration = configuration.withFile(named);
        } else if (Files.exists(usual)) {
            configuration = configuration.withFile(usual);
        }
        return configuration
                .withVariables(environment.variables(), OTHER_VARIABLES)
                .withFlags(flags());
    }

    private @Nullable Path named(Environment environment) {
        String name = file == null ? environment.variable("SLIPWAY_CONFIG", "") : file;
        if (name.isEmpty()) {
            return null;
        }
        Path path = environment.resolve(name);
        if (!Files.isRegularFile(path)) {
            throw new CommandFailure("there is no configuration '" + name + "'");
        }
        return path;
    }

    private Map<String, String> flags() {
        Map<String, String> flags = new LinkedHashMap<>(home.flags());
        put(flags, "--host", host);
        put(flags, "--port", port);
        put(flags, "--admin-port", adminPort);
        put(flags, "--strict-readiness", strict);
        return flags;
    }

    private static void put(Map<String, String> flags, String flag, @Nullable Object value) {
        if (value != null) {
            flags.put(flag, value.toString());
        }
    }
}
