package dev.slipway.cli;

import dev.slipway.server.config.Configuration;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a server keeps its models. */
final class HomeOption {

    @Option(names = "--home", paramLabel = "DIR", description = "Where models are kept (SLIPWAY_HOME; ~/.slipway).")
    private @Nullable String home;

    /** The flag, if it was given. */
    Map<String, String> flags() {
        return home == null ? Map.of() : Map.of("--home", home);
    }

    /** The folder that the environment and the flag name. */
    Path folder(Environment environment) {
        String variable = environment.variable("SLIPWAY_HOME", "");
        return folder(
                environment,
                Configuration.standard()
                        .withVariables(Map.of("SLIPWAY_HOME", variable), ConfigurationOptions.OTHER_VARIABLES)
                        .withFlags(flags()));
    }

    /** The folder that a configuration means, the user's own for {@code ~}. */
    static Path folder(Environment environment, Configuration configuration) {
        String home = configuration.home();
        String user = environment.variable("HOME", System.getProperty("user.home"));
        return environment.resolve(home.equals("~") || home.startsWith("~/") ? user + home.substring(1) : home);
    }
}
