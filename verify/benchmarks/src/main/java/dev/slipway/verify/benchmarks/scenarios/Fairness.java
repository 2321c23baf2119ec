package dev.slipway.verify.benchmarks.scenarios;

import dev.slipway.bench.Load;
import dev.slipway.bench.Protocol;
import dev.slipway.verify.benchmarks.BenchmarkModel;
import dev.slipway.verify.benchmarks.Beside;
import dev.slipway.verify.benchmarks.ClosedLoop;
import dev.slipway.verify.benchmarks.GeneratedLoad;
import dev.slipway.verify.benchmarks.Goal;
import dev.slipway.verify.benchmarks.Measured;
import dev.slipway.verify.benchmarks.Post;
import dev.slipway.verify.benchmarks.Report;
import dev.slipway.verify.benchmarks.Saturation;
import dev.slipway.verify.benchmarks.Scenario;
import dev.slipway.verify.benchmarks.Served;
import dev.slipway.verify.benchmarks.Stage;
import dev.slipway.verify.benchmarks.Subject;
import java.io.IOException;
import java.util.List;

/** How much longer a tiny model's callers wait while another model of the same server has all that it can do. */
final class Fairness implements Scenario {

    private static final int CONNECTIONS = 64;
    private static final double SHARE = 0.2;

    @Override
    public String name() {
        return "fairness";
    }

    @Override
    public String work() {
        return "One row of iris (MLP 4-16-3) as V2 JSON, arriving by chance at 20 % of what it is answered in a closed loop,"
                + " alone and beside a CNN of SqueezeNet's layers on the same server, which two connections for each core ask"
                + " in a closed loop.";
    }

    @Override
    public Report run(Stage stage) throws IOException, InterruptedException {
        BenchmarkModel tiny = BenchmarkModel.iris();
        BenchmarkModel heavy = stage.models().cnn();
        Served server = stage.slipway("alone", tiny, tiny.file(), heavy.file());
        double rate = SHARE * new Saturation(stage.rounds(), tiny, CONNECTIONS).of(server);
        Load load = new Load.Open(rate, CONNECTIONS);
        Served beside = server.at("beside the heavy one", server.url().getPath());
        Subject saturated = new ClosedLoop(
                server.at("heavy", "/v2/models/" + heavy.served() + "/infer").answering(Post.json(heavy)),
                Post.binary(heavy),
                2 * Runtime.getRuntime().availableProcessors());
        Beside tinyBeside = new Beside(new GeneratedLoad(beside, tiny, Protocol.JSON, load), saturated);
        Measured measured =
                stage.rounds().run(List.of(new GeneratedLoad(server, tiny, Protocol.JSON, load), tinyBeside));
        return new Report()
                .ratio(
                        "p99 beside the heavy model ÷ alone",
                        measured.late(beside.name()).over(measured.late("alone")),
                        Goal.atMost(2))
                .of(measured)
                .note("The tiny model was given " + Math.round(rate)
                        + " requests a second, and the heavy one answered " + Math.round(tinyBeside.leastOfTheOther())
                        + " a second or more meanwhile. CPU per request is that of the whole server, whichever model it"
                        + " served.");
    }
}
