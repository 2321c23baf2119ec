package dev.slipway.verify.benchmarks.scenarios;

import dev.slipway.verify.benchmarks.BenchmarkModel;
import dev.slipway.verify.benchmarks.ClosedLoop;
import dev.slipway.verify.benchmarks.Goal;
import dev.slipway.verify.benchmarks.Measured;
import dev.slipway.verify.benchmarks.Post;
import dev.slipway.verify.benchmarks.Report;
import dev.slipway.verify.benchmarks.Scenario;
import dev.slipway.verify.benchmarks.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What everything but the engine costs when a large tensor comes as text, beside reading that text alone. */
final class CnnJson implements Scenario {

    @Override
    public String name() {
        return "cnn-json";
    }

    @Override
    public String work() {
        return "A CNN of SqueezeNet's layers, V2 JSON (1.6 MB), a connection for each core in a closed loop; beside it the"
                + " C function in as many threads, and Jackson's streaming parser with its fast floats over that body.";
    }

    @Override
    public Report run(Stage stage) throws IOException, InterruptedException {
        BenchmarkModel cnn = stage.models().cnn();
        Post post = Post.json(cnn);
        Path body = Files.write(stage.folder().resolve("body.json"), post.body());
        int cores = Runtime.getRuntime().availableProcessors();
        Measured measured = stage.rounds()
                .run(List.of(
                        new ClosedLoop(stage.slipway("slipway", cnn), post, cores),
                        stage.loop("engine", cores, "engine", cnn, "1"),
                        stage.loop("jackson", cores, "jackson", cnn, body.toString())));
        return new Report()
                .ratio(
                        "CPU beyond the engine run ÷ Jackson's parse",
                        measured.processor("slipway")
                                .minus(measured.processor("engine"))
                                .over(measured.processor("jackson")),
                        Goal.atMost(0.45))
                .of(measured)
                .note("The body has " + post.length() + " bytes.");
    }
}
