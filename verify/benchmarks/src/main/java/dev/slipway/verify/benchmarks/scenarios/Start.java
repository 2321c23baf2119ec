package dev.slipway.verify.benchmarks.scenarios;

import dev.slipway.verify.benchmarks.BenchmarkModel;
import dev.slipway.verify.benchmarks.Goal;
import dev.slipway.verify.benchmarks.Launched;
import dev.slipway.verify.benchmarks.Measured;
import dev.slipway.verify.benchmarks.Report;
import dev.slipway.verify.benchmarks.Scenario;
import dev.slipway.verify.benchmarks.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How soon a server predicts whose home has the examples, with the launcher's cache of classes and without. */
final class Start implements Scenario {

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String work() {
        return "`./slipway serve` on a home with the examples, from the command to the answer of a prediction; without the"
                + " launcher's AOT cache the JVM has its own archive of classes still.";
    }

    @Override
    public Report run(Stage stage) throws IOException, InterruptedException {
        BenchmarkModel iris = BenchmarkModel.iris();
        Path home = stage.home();
        Path[] examples = {BenchmarkModel.examples()};
        var _ = stage.slipway("deploys", iris, home, examples).ready();
        stage.end();
        // an option that the launcher's cache does not go with, and that changes nothing else
        Map<String, String> without = Map.of("SLIPWAY_JAVA_OPTS", "-Xshare:auto");
        Measured measured = stage.rounds()
                .run(List.of(
                        new Launched("with the cache", home, Map.of(), iris),
                        new Launched("without", home, without, iris)));
        return new Report()
                .ratio(
                        "time to the first prediction with the cache ÷ without",
                        measured.median("with the cache").over(measured.median("without")),
                        Goal.atMost(0.5))
                .figure("time to the first prediction", "ms", measured.median("with the cache"), Goal.atMost(1000))
                .of(measured);
    }
}
