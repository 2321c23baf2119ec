package dev.slipway.verify.benchmarks.scenarios;

import dev.slipway.bench.Load;
import dev.slipway.bench.Protocol;
import dev.slipway.verify.benchmarks.BenchmarkModel;
import dev.slipway.verify.benchmarks.GeneratedLoad;
import dev.slipway.verify.benchmarks.Goal;
import dev.slipway.verify.benchmarks.GrpcNettyModel;
import dev.slipway.verify.benchmarks.Measured;
import dev.slipway.verify.benchmarks.Report;
import dev.slipway.verify.benchmarks.Scenario;
import dev.slipway.verify.benchmarks.Series;
import dev.slipway.verify.benchmarks.Stage;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/**
 * What everything but the engine costs over gRPC, beside a service of generated classes on grpc-netty.
 *
 * @param size of the messages
 * @param connections each with one call at a time
 */
record Grpc(String size, String what, Function<Stage, BenchmarkModel> model, int connections, double goal)
        implements Scenario {

    static final Grpc RAW = new Grpc(
            "raw",
            "The messages of the CNN (602 KB) with a model that does next to nothing (beside a run of the CNN all else is"
                    + " within its noise)",
            stage -> stage.models().passage(),
            2,
            1.0);

    static final Grpc CNN = new Grpc(
            "cnn",
            "A CNN of SqueezeNet's layers (602 KB)",
            stage -> stage.models().cnn(),
            2,
            1.0);

    static final Grpc SMALL = new Grpc("small", "One row of iris (MLP 4-16-3)", _ -> BenchmarkModel.iris(), 64, 0.6);

    @Override
    public String name() {
        return "grpc-" + size;
    }

    @Override
    public String work() {
        return what + " over gRPC with raw contents, " + connections
                + " connections with one call each in a closed loop; beside it the same on grpc-netty with generated classes"
                + " and the official binding, and the engine's C function alone.";
    }

    @Override
    public Report run(Stage stage) throws IOException, InterruptedException {
        BenchmarkModel served = model.apply(stage);
        Load load = new Load.Closed(connections);
        int cores = Runtime.getRuntime().availableProcessors();
        Measured measured = stage.rounds()
                .run(List.of(
                        new GeneratedLoad(stage.slipway("slipway", served), served, Protocol.GRPC, load),
                        new GeneratedLoad(
                                stage.server(
                                                "grpc-netty",
                                                GrpcNettyModel.class,
                                                served.file().toString())
                                        .listening(),
                                served,
                                Protocol.GRPC,
                                load),
                        stage.loop("engine", cores, "engine", served, "1")));
        Series engine = measured.processor("engine");
        return new Report()
                .ratio(
                        "CPU without the engine ÷ grpc-netty's",
                        measured.processor("slipway")
                                .minus(engine)
                                .over(measured.processor("grpc-netty").minus(engine)),
                        Goal.atMost(goal))
                .beside(
                        "CPU with the engine ÷ grpc-netty's",
                        "",
                        measured.processor("slipway").over(measured.processor("grpc-netty")))
                .of(measured);
    }
}
