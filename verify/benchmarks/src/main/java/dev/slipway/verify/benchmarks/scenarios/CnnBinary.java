package dev.slipway.verify.benchmarks.scenarios;

import dev.slipway.verify.benchmarks.BenchmarkModel;
import dev.slipway.verify.benchmarks.ClosedLoop;
import dev.slipway.verify.benchmarks.Goal;
import dev.slipway.verify.benchmarks.Measured;
import dev.slipway.verify.benchmarks.Post;
import dev.slipway.verify.benchmarks.Report;
import dev.slipway.verify.benchmarks.Scenario;
import dev.slipway.verify.benchmarks.Stage;
import dev.slipway.verify.benchmarks.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How much of what the engine can do at best is left when a heavy model is served. */
final class CnnBinary implements Scenario {

    @Override
    public String name() {
        return "cnn-binary";
    }

    @Override
    public String work() {
        return "A CNN of SqueezeNet's layers, V2 with binary tensors (602 KB), two connections for each core in a closed"
                + " loop; in process: the C function in a loop, by as many threads and as many engine threads as may be best.";
    }

    @Override
    public Report run(Stage stage) throws IOException, InterruptedException {
        BenchmarkModel cnn = stage.models().cnn();
        int cores = Runtime.getRuntime().availableProcessors();
        List<Subject> subjects = new ArrayList<>();
        subjects.add(new ClosedLoop(stage.slipway("slipway", cnn), Post.binary(cnn), 2 * cores));
        List<String> engines = new ArrayList<>();
        for (int threads = 1; threads <= cores; threads *= 2) {
            for (int inside = 1; inside * threads <= cores; inside *= 2) {
                String name = "engine " + threads + " × " + inside;
                engines.add(name);
                subjects.add(stage.loop(name, threads, "engine", cnn, Integer.toString(inside)));
            }
        }
        Measured measured = stage.rounds().run(subjects);
        String best = engines.stream()
                .max(Comparator.comparingDouble(name -> measured.rate(name).median()))
                .orElseThrow();
        return new Report()
                .ratio(
                        "throughput ÷ the engine's at best",
                        measured.rate("slipway").over(measured.rate(best)),
                        Goal.atLeast(0.95))
                .beside(
                        "CPU beyond the engine run, one thread",
                        "µs",
                        measured.processor("slipway").minus(measured.processor("engine 1 × 1")))
                .of(measured)
                .note("Best of the engine: " + best + " (threads that call × threads inside a run).");
    }
}
