package dev.slipway.cli;

import dev.slipway.core.ModelRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "tune",
        header = "Find the settings with which a model does best on this machine.",
        description =
                "Measures the version with instances, intra-op threads and batch sizes in turn, inside the server and beside"
                        + " its traffic, and makes the best a new revision of its settings unless the present ones are about as good.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipway tune iris",
            "  slipway tune digits --p99 20ms --concurrency 32",
            "  slipway tune digits/2 --objective latency --concurrency 1 --dry-run --svg tuning.svg"
        })
final class TuneCommand implements Callable<Integer> {

    private final GlobalOptions options;

    @Parameters(paramLabel = "MODEL", description = "As iris or iris/2.")
    private String model = "";

    @Option(
            names = "--objective",
            paramLabel = "OBJECTIVE",
            description = "throughput: the most answers a second; latency: the lowest 99th percentile (throughput).")
    private String objective = "throughput";

    @Option(
            names = "--p99",
            paramLabel = "DURATION",
            description = "What the 99th percentile must not exceed, as 20ms.")
    private @Nullable String p99;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description = "Callers that ask again as soon as they have their answer (64).")
    private int concurrency = 64;

    @Option(names = "--time", paramLabel = "DURATION", description = "How long it may be measured (20s).")
    private String time = "20s";

    @Option(names = "--dry-run", description = "Show what is best, and leave the settings.")
    private boolean dryRun;

    @Option(names = "--svg", paramLabel = "FILE", description = "Where to draw what was tried.")
    private @Nullable String svg;

    TuneCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() throws IOException {
        Path drawing = svg == null ? null : options.environment().resolveNew("--svg", svg);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("objective", objective);
        body.put("concurrency", concurrency);
        body.put("time", time);
        body.put("apply", !dryRun);
        if (p99 != null) {
            body.put("p99", p99);
        }
        Document answer;
        try (Progress progress =
                new Progress(options.environment(), options.output().quiet())) {
            progress.show("tuning " + model + " for " + time);
            answer = Document.of(options.api().send("POST", version() + "/tune", body));
        }
        TuneReport report = new TuneReport(answer);
        if (drawing != null) {
            Files.writeString(drawing, report.svg());
        }
        options.output().result(answer.members(), () -> report.people(options.output()), () -> report.best());
        return 0;
    }

    /** The path of the version that is named, or that serves. */
    private String version() {
        String path = Api.modelPath(model);
        if (Api.parse(model).selector() instanceof ModelRef.ByVersion) {
            return path;
        }
        return Api.modelPath(
                model + "/" + new ModelText(Document.of(options.api().get(path))).mostServed());
    }
}
