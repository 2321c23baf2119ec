package dev.slipway.verify.benchmarks;

import dev.slipway.core.FolderTree;
import dev.slipway.json.Json;
import dev.slipway.verify.benchmarks.scenarios.Scenarios;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Measures what Slipway's speed is to be shown by, each kind of work as a scenario of its own. */
@Command(
        name = "shows",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        header = "Measures scenarios in rounds, and says what was reached.")
public final class Shows implements Callable<Integer> {

    @Parameters(paramLabel = "SCENARIO", description = "What is measured; without one, everything. --list names them.")
    private List<String> names = List.of();

    @Option(names = "--list", description = "Name the scenarios.")
    private boolean list;

    @Option(names = "--rounds", description = "How often each subject is measured.")
    private int rounds = 9;

    @Option(names = "--seconds", description = "How long each time.")
    private double seconds = 2;

    @Option(names = "--warm", description = "Seconds for which each works before.")
    private double warm = 30;

    @Option(names = "--output", paramLabel = "FORM", description = "markdown or json.")
    private String output = "markdown";

    @Option(names = "--peers", paramLabel = "FOLDER", description = "Where peers/install has put the peers.")
    private @Nullable Path peers;

    @Option(names = "--peer", paramLabel = "NAME=URL,PID", description = "A running server to measure as well.")
    private List<String> running = List.of();

    private final PrintStream out;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    Shows(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Shows(System.out)).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (list) {
            Scenarios.ALL.forEach(scenario -> out.printf("%-20s %s%n", scenario.name(), scenario.work()));
            return 0;
        }
        boolean json = output.equals("json");
        if (!json && !output.equals("markdown")) {
            throw wrong("--output: markdown or json, '" + output + "' given");
        }
        List<Scenario> chosen = chosen();
        Rounds each = new Rounds(rounds, duration(seconds), duration(warm));
        if (!json) {
            out.println(conditions() + "\n");
        }
        List<Object> documents = new ArrayList<>();
        for (Scenario scenario : chosen) {
            Report report = run(scenario, each);
            if (json) {
                documents.add(report.document(scenario.name(), scenario.work()));
            } else {
                out.println(report.markdown(scenario.name(), scenario.work()));
            }
        }
        if (json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("conditions", conditions());
            document.put("scenarios", documents);
            out.println(Json.pretty(document));
        }
        return 0;
    }

    private List<Scenario> chosen() {
        for (String name : names) {
            if (Scenarios.ALL.stream().noneMatch(scenario -> scenario.name().equals(name))) {
                throw wrong("scenario '" + name + "' is unknown, there are "
                        + String.join(
                                ", ", Scenarios.ALL.stream().map(Scenario::name).toList()));
            }
        }
        return Scenarios.ALL.stream()
                .filter(scenario -> names.isEmpty() || names.contains(scenario.name()))
                .toList();
    }

    private Report run(Scenario scenario, Rounds each) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("slipway-shows-");
        try (Stage stage = new Stage(folder, each, new Peers(peers, running))) {
            return scenario.run(stage);
        } finally {
            FolderTree.delete(folder);
        }
    }

    private String conditions() {
        return String.format(
                Locale.ROOT,
                "%d rounds of %.1f s after %.1f s, %d cores, load %.1f, JDK %s, %s. The load comes from a process of its own on"
                        + " the same machine. An interval holds the median with 95 %% probability.",
                rounds,
                seconds,
                warm,
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Runtime.version(),
                System.getProperty("os.name") + "-" + System.getProperty("os.arch"));
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec == null ? new CommandLine(this) : spec.commandLine(), message);
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
