package dev.slipway.verify.benchmarks;

import dev.slipway.bench.Load;
import dev.slipway.bench.Protocol;
import java.io.IOException;
import java.util.List;

/** How many requests a second a server answers at most, by the generator whose open loop is given a share of that. */
public record Saturation(Rounds rounds, BenchmarkModel model, int connections) {

    /** Warms the server and measures it. */
    public double of(Served served) throws IOException, InterruptedException {
        Subject closed = new GeneratedLoad(served, model, Protocol.JSON, new Load.Closed(connections));
        return rounds.run(List.of(closed)).rate(served.name()).median();
    }
}
