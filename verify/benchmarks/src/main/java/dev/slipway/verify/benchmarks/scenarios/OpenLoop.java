package dev.slipway.verify.benchmarks.scenarios;

import dev.slipway.bench.Load;
import dev.slipway.bench.Protocol;
import dev.slipway.verify.benchmarks.BenchmarkModel;
import dev.slipway.verify.benchmarks.GeneratedLoad;
import dev.slipway.verify.benchmarks.Goal;
import dev.slipway.verify.benchmarks.Measured;
import dev.slipway.verify.benchmarks.NettyModel;
import dev.slipway.verify.benchmarks.Post;
import dev.slipway.verify.benchmarks.Report;
import dev.slipway.verify.benchmarks.Saturation;
import dev.slipway.verify.benchmarks.Scenario;
import dev.slipway.verify.benchmarks.Served;
import dev.slipway.verify.benchmarks.Stage;
import dev.slipway.verify.benchmarks.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How long the slowest requests take when they come by chance, as often as is well below what the server can do. */
final class OpenLoop implements Scenario {

    private static final int CONNECTIONS = 64;
    private static final double SHARE = 0.7;

    @Override
    public String name() {
        return "open-loop";
    }

    @Override
    public String work() {
        return "One row of iris (MLP 4-16-3) as V2 JSON, arriving by chance (Poisson) over 64 connections at 70 % of what the"
                + " same generator gets answered in a closed loop, of Slipway and of Netty by hand each its own; a time"
                + " counts from the moment that a request was due.";
    }

    @Override
    public Report run(Stage stage) throws IOException, InterruptedException {
        BenchmarkModel iris = BenchmarkModel.iris();
        Post post = Post.json(iris);
        List<Served> servers = List.of(
                stage.slipway("slipway", iris),
                stage.server("netty-by-hand", NettyModel.class, iris.file().toString())
                        .answering(post));
        Saturation saturation = new Saturation(stage.rounds(), iris, CONNECTIONS);
        Report report = new Report();
        List<Subject> subjects = new ArrayList<>();
        for (Served server : servers) {
            double rate = SHARE * saturation.of(server);
            report.note(server.name() + " was given " + Math.round(rate) + " requests a second.");
            subjects.add(new GeneratedLoad(server, iris, Protocol.JSON, new Load.Open(rate, CONNECTIONS)));
        }
        Measured measured = stage.rounds().run(subjects);
        return report.ratio(
                        "p99.9 ÷ that of Netty by hand",
                        measured.latest("slipway").over(measured.latest("netty-by-hand")),
                        Goal.atMost(1.5))
                .of(measured);
    }
}
