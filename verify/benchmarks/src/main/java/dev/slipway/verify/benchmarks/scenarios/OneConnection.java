package dev.slipway.verify.benchmarks.scenarios;

import dev.slipway.verify.benchmarks.BenchmarkModel;
import dev.slipway.verify.benchmarks.ClosedLoop;
import dev.slipway.verify.benchmarks.Goal;
import dev.slipway.verify.benchmarks.Measured;
import dev.slipway.verify.benchmarks.NettyModel;
import dev.slipway.verify.benchmarks.Post;
import dev.slipway.verify.benchmarks.Report;
import dev.slipway.verify.benchmarks.Scenario;
import dev.slipway.verify.benchmarks.Series;
import dev.slipway.verify.benchmarks.Served;
import dev.slipway.verify.benchmarks.Stage;
import dev.slipway.verify.benchmarks.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How long one caller waits beyond the same request to the same model server without a network. */
final class OneConnection implements Scenario {

    @Override
    public String name() {
        return "one-connection";
    }

    @Override
    public String work() {
        return "One row of iris (MLP 4-16-3) as V2 JSON, one connection in a closed loop; in process: the same request to"
                + " the library, and the engine's C function alone.";
    }

    @Override
    public Report run(Stage stage) throws IOException, InterruptedException {
        BenchmarkModel iris = BenchmarkModel.iris();
        Post post = Post.json(iris);
        List<Served> servers = new ArrayList<>();
        servers.add(stage.slipway("slipway", iris));
        servers.add(stage.server("netty-by-hand", NettyModel.class, iris.file().toString()));
        List<Served> peers = stage.peers(iris);
        servers.addAll(peers);
        List<Subject> subjects = new ArrayList<>();
        for (Served server : servers) {
            subjects.add(new ClosedLoop(server.answering(post), post, 1));
        }
        subjects.add(stage.loop("in-process", 1, "embed", iris, "false"));
        subjects.add(stage.loop("engine", 1, "engine", iris, "1"));
        Measured measured = stage.rounds().run(subjects);
        Series slipway = measured.median("slipway");
        Report report = new Report()
                .figure(
                        "p50 added over the run in process",
                        "µs",
                        slipway.minus(measured.median("in-process")).times(1000),
                        Goal.atMost(60))
                .beside(
                        "p50 added over the engine alone",
                        "µs",
                        slipway.minus(measured.median("engine")).times(1000))
                .beside("p50 ÷ Netty's by hand", "", slipway.over(measured.median("netty-by-hand")))
                .of(measured)
                .note(stage.aboutPeers());
        peers.forEach(peer -> report.ratio(
                "p50 ÷ that of " + peer.name(), slipway.over(measured.median(peer.name())), Goal.atMost(1)));
        return report;
    }
}
