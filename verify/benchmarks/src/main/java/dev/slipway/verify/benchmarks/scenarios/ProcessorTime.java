package dev.slipway.verify.benchmarks.scenarios;

import dev.slipway.verify.benchmarks.BenchmarkModel;
import dev.slipway.verify.benchmarks.ClosedLoop;
import dev.slipway.verify.benchmarks.Goal;
import dev.slipway.verify.benchmarks.Measured;
import dev.slipway.verify.benchmarks.NettyEcho;
import dev.slipway.verify.benchmarks.NettyModel;
import dev.slipway.verify.benchmarks.Post;
import dev.slipway.verify.benchmarks.Report;
import dev.slipway.verify.benchmarks.Scenario;
import dev.slipway.verify.benchmarks.Served;
import dev.slipway.verify.benchmarks.Stage;
import dev.slipway.verify.benchmarks.VertxEcho;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a request costs beside the same by hand on Netty, the least that Netty and Vert.x do, and other servers. */
final class ProcessorTime implements Scenario {

    private static final int CONNECTIONS = 64;

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String work() {
        return "One row of iris (MLP 4-16-3) as V2 JSON, 64 connections in a closed loop.";
    }

    @Override
    public Report run(Stage stage) throws IOException, InterruptedException {
        BenchmarkModel iris = BenchmarkModel.iris();
        Post post = Post.json(iris);
        List<Served> all = new ArrayList<>();
        all.add(stage.slipway("slipway", iris));
        all.add(stage.server("netty-by-hand", NettyModel.class, iris.file().toString()));
        all.add(stage.server("vertx-echo", VertxEcho.class));
        all.add(stage.server("netty-echo", NettyEcho.class));
        all.addAll(stage.peers(iris));
        List<ClosedLoop> loops = new ArrayList<>();
        for (Served served : all) {
            loops.add(new ClosedLoop(served.answering(post), post, CONNECTIONS));
        }
        Measured measured = stage.rounds().run(loops);
        Report report = new Report()
                .ratio(
                        "CPU per request ÷ Netty's by hand",
                        measured.processor("slipway").over(measured.processor("netty-by-hand")),
                        Goal.atMost(1.1))
                .of(measured)
                .note(stage.aboutPeers());
        peer(report, measured, "node", 3);
        peer(report, measured, "fastapi", 12);
        return report;
    }

    private static void peer(Report report, Measured measured, String name, double goal) {
        if (measured.has(name)) {
            report.ratio(
                    "CPU per request of " + name + " ÷ ours",
                    measured.processor(name).over(measured.processor("slipway")),
                    Goal.atLeast(goal));
        }
    }
}
