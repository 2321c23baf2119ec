package dev.slipway.verify.benchmarks.scenarios;

import dev.slipway.verify.benchmarks.BenchmarkModel;
import dev.slipway.verify.benchmarks.ClosedLoop;
import dev.slipway.verify.benchmarks.Goal;
import dev.slipway.verify.benchmarks.Measured;
import dev.slipway.verify.benchmarks.Post;
import dev.slipway.verify.benchmarks.Report;
import dev.slipway.verify.benchmarks.Scenario;
import dev.slipway.verify.benchmarks.Series;
import dev.slipway.verify.benchmarks.Served;
import dev.slipway.verify.benchmarks.Stage;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether a request costs more because there are many other models. */
final class ThousandModels implements Scenario {

    private static final int CONNECTIONS = 64;
    private static final long HEAP = 256 << 20;

    private final int models;

    ThousandModels(int models) {
        this.models = models;
    }

    @Override
    public String name() {
        return "thousand-models";
    }

    @Override
    public String work() {
        return "One row of iris (MLP 4-16-3) as V2 JSON, 64 connections in a closed loop, at a server with that model alone"
                + " and at one with " + models + ".";
    }

    @Override
    public Report run(Stage stage) throws IOException, InterruptedException {
        BenchmarkModel iris = BenchmarkModel.iris();
        Path many = stage.home();
        Path alone = stage.home();
        Path[] files = {iris.file()};
        Served crowded = stage.slipway("with many", iris, many, files);
        deploy(crowded, iris);
        Post post = Post.json(iris);
        Measured measured = stage.rounds()
                .run(List.of(
                        new ClosedLoop(stage.slipway("alone", iris, alone, files), post, CONNECTIONS),
                        new ClosedLoop(crowded, post, CONNECTIONS)));
        stage.end();
        List<Double> held = new ArrayList<>();
        for (int round = 0; round < stage.rounds().count(); round++) {
            long more = stage.heldUnloaded(many, HEAP) - stage.heldUnloaded(alone, HEAP);
            held.add(more / 1024.0 / (models - 1));
        }
        return new Report()
                .ratio(
                        "CPU per request with " + models + " models ÷ with one",
                        measured.processor("with many").over(measured.processor("alone")),
                        Goal.atMost(1.05))
                .figure("memory for each model that is not loaded", "KB", new Series(held), Goal.atMost(20))
                .of(measured)
                .note(
                        "Memory: that of a server which has just started on the same home and loads nothing, less that of one with"
                                + " a single model: live bytes of the heap after a collection, and everything resident outside of it.");
    }

    private void deploy(Served server, BenchmarkModel model) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 1; i < models; i++) {
                HttpRequest request = HttpRequest.newBuilder(
                                server.url().resolve("/api/v1/models/other-" + i + "/versions?filename=model.onnx"))
                        .version(HttpClient.Version.HTTP_1_1)
                        .POST(HttpRequest.BodyPublishers.ofFile(model.file()))
                        .build();
                var answer = client.send(request, BodyHandlers.ofString());
                if (answer.statusCode() != 201) {
                    throw new IOException("a deploy was answered " + answer.statusCode() + ": " + answer.body());
                }
            }
        }
    }
}
