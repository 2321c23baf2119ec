package dev.slipway.verify.benchmarks;

import dev.slipway.bench.Load;
import dev.slipway.bench.LoadRun;
import dev.slipway.bench.Measurement;
import dev.slipway.bench.Protocol;
import dev.slipway.bench.ServedModel;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** Load by the generator of {@code slipway bench}, for what takes more than a closed loop over HTTP/1.1. */
public final class GeneratedLoad implements Subject {

    private final Served served;
    private final LoadRun run;
    private final Load load;

    /** A load of requests with the model's values; its path is that of the model's V2 resource. */
    public GeneratedLoad(Served served, BenchmarkModel model, Protocol protocol, Load load) {
        this(
                served,
                LoadRun.of(
                        new ServedModel(URI.create("http://" + served.url().getRawAuthority()), model.served(), "", ""),
                        protocol,
                        Post.json(model).body()),
                load);
    }

    private GeneratedLoad(Served served, LoadRun run, Load load) {
        this.served = served;
        this.run = run;
        this.load = load;
    }

    @Override
    public String name() {
        return served.name();
    }

    @Override
    public Window run(Duration duration) throws IOException, InterruptedException {
        Duration before = served.processorTime();
        Measurement measured = run.run(load, new Load.Time(Duration.ZERO, duration));
        double micros = served.processorTime().minus(before).toNanos() / 1e3;
        if (measured.failed() > 0 || measured.answered() == 0) {
            throw new IllegalStateException(name() + " answered " + measured.answered() + " requests, and not "
                    + measured.failed() + ": " + measured.errors());
        }
        return new Window(
                measured.answered(),
                measured.seconds(),
                micros / measured.answered(),
                measured.millis(50),
                measured.millis(99),
                measured.millis(99.9));
    }
}
