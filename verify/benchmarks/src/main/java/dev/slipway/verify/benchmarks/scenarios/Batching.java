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
import java.util.List;
import java.util.stream.Collectors;

/**
 * How many more requests are answered when those that wait share a run.
 *
 * @param widths of the MLP's layers
 * @param where HTTP or in process
 */
record Batching(String name, List<Integer> widths, Where where, double goal) implements Scenario {

    private static final int CALLERS = 64;

    enum Where {
        HTTP("V2 JSON over HTTP, 64 connections in a closed loop"),
        IN_PROCESS("64 threads that call the library in a closed loop");

        private final String text;

        Where(String text) {
            this.text = text;
        }
    }

    static final List<Scenario> ALL = List.of(
            new Batching("batching-http", List.of(64, 512, 512, 10), Where.HTTP, 1.3),
            new Batching("batching-in-process", List.of(64, 512, 512, 10), Where.IN_PROCESS, 2.5),
            new Batching("batching-slow", List.of(64, 1024, 5120, 10), Where.HTTP, 2));

    @Override
    public String work() {
        return "One row of an MLP " + widths.stream().map(String::valueOf).collect(Collectors.joining("-")) + ", "
                + where.text + ": the default settings beside batching turned off.";
    }

    @Override
    public Report run(Stage stage) throws IOException, InterruptedException {
        BenchmarkModel mlp = stage.models()
                .mlp("mlp", widths.stream().mapToInt(Integer::intValue).toArray());
        List<Subject> subjects = switch (where) {
            case HTTP ->
                List.of(
                        new ClosedLoop(stage.slipway("batched", mlp), Post.json(mlp), CALLERS),
                        new ClosedLoop(
                                stage.slipway("one by one", mlp, stage.packaged(mlp, "{batching: {max_size: 1}}")),
                                Post.json(mlp),
                                CALLERS),
                        stage.loop("engine", 1, "engine", mlp, "1"));
            case IN_PROCESS ->
                List.of(
                        stage.loop("batched", CALLERS, "embed", mlp, "true"),
                        stage.loop("one by one", CALLERS, "embed", mlp, "false"),
                        stage.loop("engine", 1, "engine", mlp, "1"));
        };
        Measured measured = stage.rounds().run(subjects);
        return new Report()
                .ratio(
                        "throughput batched ÷ one by one",
                        measured.rate("batched").over(measured.rate("one by one")),
                        Goal.atLeast(goal))
                .beside(
                        "a run of one row in the engine",
                        "µs",
                        measured.median("engine").times(1000))
                .of(measured);
    }
}
