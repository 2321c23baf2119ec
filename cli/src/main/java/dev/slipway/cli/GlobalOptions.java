package dev.slipway.cli;

import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every verb takes. */
final class GlobalOptions {

    static final String DEFAULT_SERVER = "http://127.0.0.1:8080";

    @Option(
            names = "--server",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "The server to talk to (SLIPWAY_SERVER; the home's, else " + DEFAULT_SERVER + ").")
    private @Nullable String server;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            scope = ScopeType.INHERIT,
            defaultValue = "table",
            description = "table, json or yaml.")
    private Output.Format output = Output.Format.TABLE;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "Print only the result.")
    private boolean quiet;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    private final Environment environment;

    GlobalOptions(Environment environment) {
        this.environment = environment;
    }

    Environment environment() {
        return environment;
    }

    Output output() {
        return new Output(environment, output, quiet);
    }

    /** The program as it must be called to reach the same server. */
    String command() {
        return server == null ? environment.command() : environment.command() + " --server " + server;
    }

    Api api() {
        Optional<ServerRecord> own = ServerRecord.running(new HomeOption().folder(environment));
        String given = server == null ? environment.variable("SLIPWAY_SERVER", "") : server;
        String base = address(given.isEmpty() ? own.map(ServerRecord::url).orElse(DEFAULT_SERVER) : given);
        String administered = own.filter(record -> record.url().equals(base))
                .map(ServerRecord::administration)
                .orElse(base);
        return new Api(
                URI.create(administered), environment.variable("SLIPWAY_KEY", ""), environment.command(), command());
    }

    /** The address of a server as people give it, with scheme and port and no slash at the end. */
    static String address(String url) {
        String whole = url.contains("://") ? url : "http://" + url + (url.matches("[\\w.-]+") ? ":8080" : "");
        String base = whole.endsWith("/") ? whole.substring(0, whole.length() - 1) : whole;
        if (!base.matches("https?://[^/?#\\s]+(/[^?#\\s]*)?")) {
            throw CommandFailure.usage(
                    "'" + url + "' is not the address of a server",
                    "One looks like " + DEFAULT_SERVER + " or host:8080.");
        }
        return base;
    }
}
