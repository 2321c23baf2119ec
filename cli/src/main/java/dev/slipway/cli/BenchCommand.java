package dev.slipway.cli;

import dev.slipway.bench.Load;
import dev.slipway.bench.LoadRun;
import dev.slipway.bench.Protocol;
import dev.slipway.bench.ServedModel;
import dev.slipway.bench.Sweep;
import dev.slipway.core.Count;
import dev.slipway.core.ModelRef;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "bench",
        header = "Measure how fast a server answers.",
        description =
                "Sends V2 inference requests to any server of the Open Inference Protocol: invented inputs by the model's"
                        + " metadata, or those of a file. Without --rate each connection asks again as soon as it has its answer; with it,"
                        + " requests arrive by chance at that rate, and what waits for the server counts as waiting.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipway bench iris",
            "  slipway bench iris --concurrency 1,8,64 --protocol grpc",
            "  slipway bench digits --rate 500 --duration 30 --svg latencies.svg",
            "  slipway bench iris --against http://127.0.0.1:8000"
        })
final class BenchCommand implements Callable<Integer> {

    private static final int RATE_CONNECTIONS = 64;

    private final GlobalOptions options;

    @Parameters(paramLabel = "MODEL", description = "As iris or iris/2.")
    private String model = "";

    @Option(names = "--protocol", paramLabel = "PROTOCOL", description = "json, binary or grpc (json).")
    private Protocol protocol = Protocol.JSON;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            split = ",",
            description =
                    "Connections with a request under way, one measurement for each number (1,4,16,64; with --rate "
                            + RATE_CONNECTIONS + ").")
    private List<Integer> concurrency = List.of();

    @Option(
            names = "--rate",
            paramLabel = "N",
            split = ",",
            description = "Requests a second, one measurement for each.")
    private List<Double> rates = List.of();

    @Option(names = "--duration", paramLabel = "SECONDS", description = "How long each is measured (10).")
    private double seconds = 10;

    @Option(names = "--warm-up", paramLabel = "SECONDS", description = "What goes before and does not count (3).")
    private double warmUp = 3;

    @Option(names = "--batch", paramLabel = "ROWS", description = "Rows of a request (1).")
    private @Nullable Integer batch;

    @Option(
            names = "--shape",
            paramLabel = "INPUT=N,N...",
            description = "The shape of an input that the model leaves open.")
    private Map<String, String> shapes = Map.of();

    @Option(names = "--input", paramLabel = "FILE", description = "A V2 JSON request whose inputs are sent.")
    private @Nullable String input;

    @Option(
            names = "--against",
            paramLabel = "URL",
            description = "Another server with the same model, measured in turns.")
    private @Nullable String against;

    @Option(names = "--rounds", paramLabel = "N", description = "How often each is measured (1; with --against 3).")
    private @Nullable Integer rounds;

    @Option(names = "--svg", paramLabel = "FILE", description = "Where to draw the latencies.")
    private @Nullable String svg;

    BenchCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Environment environment = options.environment();
        Path drawing = svg == null ? null : environment.resolveNew("--svg", svg);
        List<LoadRun> servers = new ArrayList<>();
        try (Progress progress = new Progress(environment, options.output().quiet())) {
            for (URI server : servers()) {
                servers.add(open(server));
            }
            Sweep sweep = new Sweep(
                    servers,
                    new Load.Time(duration("--warm-up", warmUp), duration("--duration", seconds)),
                    rounds(),
                    load -> progress.show("measuring " + protocol + ", " + BenchReport.load(load)));
            BenchReport report = new BenchReport();
            for (Load load : loads()) {
                report.add(servers().stream().map(URI::toString).toList(), sweep.run(load));
            }
            progress.clear();
            if (drawing != null) {
                Files.writeString(drawing, report.svg());
            }
            return told(report, servers.getFirst().requestBytes());
        } finally {
            servers.forEach(LoadRun::close);
        }
    }

    private int rounds() {
        if (rounds == null) {
            return against == null ? 1 : 3;
        }
        check("--rounds", "1 to 1000", rounds, rounds >= 1 && rounds <= 1000);
        return rounds;
    }

    private List<URI> servers() {
        URI server = options.api().server();
        return against == null ? List.of(server) : List.of(server, URI.create(GlobalOptions.address(against)));
    }

    private LoadRun open(URI server) throws IOException, InterruptedException {
        ModelRef ref = Api.parse(model);
        String version = switch (ref.selector()) {
            case ModelRef.ByEndpoint.ENDPOINT -> "";
            case ModelRef.ByVersion(long number) -> Long.toString(number);
            case ModelRef.ByAlias _ ->
                throw CommandFailure.usage("V2 knows no aliases, '" + model + "' given", "Give a version as iris/2.");
        };
        ServedModel served = new ServedModel(
                server, ref.model().name(), version, options.environment().variable("SLIPWAY_KEY", ""));
        if (input != null && batch != null) {
            throw CommandFailure.usage("--batch does not go with --input", "The request says how many rows it has.");
        }
        int rows = batch == null ? 1 : batch;
        check("--batch", "1 to 1000000 rows", rows, rows >= 1 && rows <= 1_000_000);
        try {
            return input == null
                    ? LoadRun.invented(served, protocol, rows, shapes())
                    : LoadRun.of(
                            served,
                            protocol,
                            Files.readAllBytes(options.environment().resolve(input)));
        } catch (ConnectException e) {
            throw new CommandFailure("no server answers at " + server, "Start one with: slipway serve");
        }
    }

    private Map<String, List<Long>> shapes() {
        Map<String, List<Long>> read = new LinkedHashMap<>();
        shapes.forEach((name, text) -> {
            if (!text.matches("\\d{1,9}(,\\d{1,9})*")) {
                throw CommandFailure.usage(
                        "--shape " + name + "=" + text, "A shape is written as " + name + "=1,3,224,224");
            }
            read.put(name, Arrays.stream(text.split(",")).map(Long::valueOf).toList());
        });
        return read;
    }

    private static Duration duration(String option, double seconds) {
        check(option, "0.1 to 86400 seconds", seconds, seconds >= 0.1 && seconds <= 86_400);
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private static void check(String option, String expected, Number given, boolean right) {
        if (!right) {
            throw CommandFailure.usage(option + ": " + expected + ", " + given + " given", "See: slipway bench --help");
        }
    }

    private List<Load> loads() {
        concurrency.forEach(level -> check("--concurrency", "1 to 10000", level, level >= 1 && level <= 10_000));
        rates.forEach(rate -> check("--rate", "more than 0", rate, rate > 0));
        if (rates.isEmpty()) {
            List<Integer> levels = concurrency.isEmpty() ? List.of(1, 4, 16, 64) : concurrency;
            return levels.stream().<Load>map(Load.Closed::new).toList();
        }
        if (concurrency.size() > 1) {
            throw CommandFailure.usage("--rate takes one --concurrency", "Give one, such as --concurrency 64.");
        }
        int connections = concurrency.isEmpty() ? RATE_CONNECTIONS : concurrency.getFirst();
        return rates.stream()
                .<Load>map(rate -> new Load.Open(rate, connections))
                .toList();
    }

    private int told(BenchReport report, int requestBytes) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("model", model);
        document.put("protocol", protocol.toString());
        document.put("request_bytes", requestBytes);
        document.put("results", report.document());
        options.output().result(document, () -> report.people(options.output()));
        if (report.failed() == 0) {
            return 0;
        }
        options.environment()
                .err()
                .println("slipway: " + report.failed() + " of "
                        + Count.of(report.failed() + report.answered(), "request")
                        + " failed; the figures are those of the others");
        return 1;
    }
}
