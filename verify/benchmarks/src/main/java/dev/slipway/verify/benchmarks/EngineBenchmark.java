package dev.slipway.verify.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One run of a model, by each way of running it; {@link EngineRatios} gives their ratios. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class EngineBenchmark {

    /** The model's name. */
    @Param({"iris", "mlp"})
    public String model = "iris";

    /** The way of running it. */
    @Param({"bare", "slipway", "official-pinned", "official"})
    public String way = "slipway";

    private Contender contender = new Nothing();

    @Setup
    public void open() throws IOException {
        Path folder = Files.createTempDirectory("slipway-benchmark-");
        BenchmarkModel chosen =
                model.equals("iris") ? BenchmarkModel.iris() : new Models(folder).mlp("mlp", 256, 512, 512, 10);
        contender = switch (way) {
            case "bare" -> new BareContender(chosen, folder);
            case "slipway" -> new SlipwayContender(chosen);
            case "official-pinned" -> new OfficialContender(chosen, true);
            case "official" -> new OfficialContender(chosen, false);
            default -> throw new IllegalArgumentException("way '" + way + "' is unknown");
        };
    }

    @Benchmark
    public float run() {
        contender.run();
        return contender.answer();
    }

    @TearDown
    public void close() {
        contender.close();
    }

    /** Stands in before the set-up. */
    private static final class Nothing implements Contender {

        @Override
        public void run() {}

        @Override
        public float answer() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
