package dev.slipway.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a server keeps its models. */
final class HomeOption {

    @Option(names = "--home", paramLabel = "DIR", description = "Where models are kept (SLIPWAY_HOME; ~/.slipway).")
    private @Nullable String home;

    Path folder(Environment environment) {
        String user = environment.variable("HOME", System.getProperty("user.home"));
        String folder = home == null ? environment.variable("SLIPWAY_HOME", user + "/.slipway") : home;
        return environment.resolve(folder);
    }
}
