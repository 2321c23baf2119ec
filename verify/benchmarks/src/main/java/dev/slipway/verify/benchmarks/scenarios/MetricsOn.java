package dev.slipway.verify.benchmarks.scenarios;

import dev.slipway.verify.benchmarks.BenchmarkModel;
import dev.slipway.verify.benchmarks.ClosedLoop;
import dev.slipway.verify.benchmarks.Goal;
import dev.slipway.verify.benchmarks.Measured;
import dev.slipway.verify.benchmarks.Post;
import dev.slipway.verify.benchmarks.Report;
import dev.slipway.verify.benchmarks.Scenario;
import dev.slipway.verify.benchmarks.Served;
import dev.slipway.verify.benchmarks.Stage;
import dev.slipway.verify.benchmarks.Unobserved;
import java.io.IOException;
import java.util.List;

/** What it costs that requests are measured. */
final class MetricsOn implements Scenario {

    private static final int CONNECTIONS = 64;

    @Override
    public String name() {
        return "metrics";
    }

    @Override
    public String work() {
        return "One row of iris (MLP 4-16-3) as V2 JSON, 64 connections in a closed loop, beside a server of the same parts"
                + " whose observer does nothing and whose registry of meters refuses all.";
    }

    @Override
    public Report run(Stage stage) throws IOException, InterruptedException {
        BenchmarkModel iris = BenchmarkModel.iris();
        Post post = Post.json(iris);
        Served off = stage.server(
                        "off",
                        Unobserved.class,
                        stage.home().toString(),
                        iris.file().toString())
                .at("off", "/v2/models/" + iris.served() + "/infer")
                .answering(post);
        Measured measured = stage.rounds()
                .run(List.of(
                        new ClosedLoop(stage.slipway("on", iris), post, CONNECTIONS),
                        new ClosedLoop(off, post, CONNECTIONS)));
        return new Report()
                .ratio(
                        "throughput with metrics ÷ without",
                        measured.rate("on").over(measured.rate("off")),
                        Goal.atLeast(0.97))
                .beside(
                        "CPU per request with metrics ÷ without",
                        "",
                        measured.processor("on").over(measured.processor("off")))
                .of(measured)
                .note(
                        "Each version's own count of its requests (V2 statistics) cannot be turned off and is on both sides.");
    }
}
