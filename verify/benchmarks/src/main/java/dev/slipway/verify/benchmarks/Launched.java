package dev.slipway.verify.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** One start of the launcher after the other, each until its first prediction; how long it is given does not matter. */
public final class Launched implements Subject {

    private final String name;
    private final Path home;
    private final Map<String, String> environment;
    private final BenchmarkModel model;

    /**
     * Starts of {@code ./slipway serve}.
     *
     * @param environment more variables for it
     * @param model what is asked first
     */
    public Launched(String name, Path home, Map<String, String> environment, BenchmarkModel model) {
        this.name = name;
        this.home = home;
        this.environment = Map.copyOf(environment);
        this.model = model;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Window run(Duration duration) throws IOException, InterruptedException {
        int port = OwnProcess.freePort();
        long began = System.nanoTime();
        try (OwnProcess process =
                OwnProcess.launcher(BenchmarkModel.examples().resolveSibling("slipway"), environment, home, port)) {
            Served served = process.served(name, port, "/v2/models/" + model.served() + "/infer")
                    .answering(Post.json(model));
            double seconds = (System.nanoTime() - began) / 1e9;
            double millis = seconds * 1e3;
            double processor = served.processorTime().toNanos() / 1e3;
            return new Window(1, seconds, processor, millis, millis, millis);
        }
    }
}
