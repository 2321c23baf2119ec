package dev.slipway.verify.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Servers of others: those of {@code verify/benchmarks/peers} as far as they were installed, and those that somebody has
 * started.
 *
 * @param installed the folder that {@code peers/install} was given; null: none
 * @param running {@code NAME=URL,PID} of each that runs
 */
record Peers(@Nullable Path installed, List<String> running) {

    private static final List<String> NAMES = List.of("node", "fastapi");

    Peers {
        running = List.copyOf(running);
    }

    private boolean here(String name) {
        return installed != null && Files.exists(installed.resolve(name).resolve("installed"));
    }

    List<Served> start(Stage stage, BenchmarkModel model) throws IOException, InterruptedException {
        List<Served> all = new ArrayList<>();
        for (String name : NAMES) {
            if (here(name)) {
                int port = OwnProcess.freePort();
                OwnProcess process = stage.started(OwnProcess.command(List.of(
                        "sh",
                        script().toString(),
                        name,
                        String.valueOf(installed),
                        Integer.toString(port),
                        model.file().toString())));
                all.add(process.served(name, port, "/v2/models/" + model.served() + "/infer"));
            }
        }
        running.stream().map(Served::of).forEach(all::add);
        for (Served one : all) {
            one.answering(Post.json(model));
        }
        return all;
    }

    private static Path script() {
        return BenchmarkModel.examples().resolveSibling("verify/benchmarks/peers/start");
    }

    /** Which are not here, and how they come here. */
    String about() {
        List<String> absent = NAMES.stream().filter(name -> !here(name)).toList();
        return absent.isEmpty()
                ? "Peers: " + String.join(", ", NAMES) + "."
                : "Not here: " + String.join(", ", absent)
                        + ". `verify/benchmarks/peers/install FOLDER` brings them, `--peers FOLDER` takes them.";
    }
}
