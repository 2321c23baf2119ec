package dev.slipway.verify.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Where a scenario plays: makes models, starts servers and programs for it, and ends what was started. */
public final class Stage implements AutoCloseable {

    private final Path folder;
    private final Rounds rounds;
    private final Peers peers;
    private final Deque<OwnProcess> processes = new ArrayDeque<>();
    private int homes;

    Stage(Path folder, Rounds rounds, Peers peers) {
        this.folder = folder;
        this.rounds = rounds;
        this.peers = peers;
    }

    public Rounds rounds() {
        return rounds;
    }

    /** A folder of its own. */
    public Path folder() {
        return folder;
    }

    public Models models() {
        return new Models(folder);
    }

    /** Slipway with one model, as its launcher starts it, posted to by V2; it answers when this returns. */
    public Served slipway(String name, BenchmarkModel model) throws IOException, InterruptedException {
        return slipway(name, model, model.file());
    }

    /**
     * The same with other files for the model.
     *
     * @param files its file or package, and other models
     */
    public Served slipway(String name, BenchmarkModel model, Path... files) throws IOException, InterruptedException {
        return slipway(name, model, home(), files);
    }

    /** The same on a home of the caller's. */
    public Served slipway(String name, BenchmarkModel model, Path home, Path[] files)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>();
        arguments.add("serve");
        for (Path file : files) {
            arguments.add(file.toString());
        }
        int port = OwnProcess.freePort();
        arguments.addAll(List.of("--home", home.toString(), "--port", Integer.toString(port)));
        OwnProcess process = started(OwnProcess.server("slipway", dev.slipway.cli.Main.class, arguments));
        return process.served(name, port, "/v2/models/" + model.served() + "/infer")
                .answering(Post.json(model));
    }

    /**
     * The bytes that Slipway holds when it has started on a home and loaded nothing of what is deployed there.
     *
     * @param heap of it, touched to its end
     */
    public long heldUnloaded(Path home, long heap) throws IOException, InterruptedException {
        Files.writeString(home.resolve("slipway.yaml"), "serving:\n  load_at_start: false\n");
        int port = OwnProcess.freePort();
        List<String> options = List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC");
        List<String> arguments =
                List.of("serve", "--quiet", "--home", home.toString(), "--port", Integer.toString(port));
        try (OwnProcess process = OwnProcess.server("slipway", options, dev.slipway.cli.Main.class, arguments)) {
            var _ = process.served("unloaded", port, "/").ready();
            return process.held(heap);
        }
    }

    /** A folder for a server's home. */
    public Path home() {
        return folder.resolve("home-" + homes++);
    }

    /** A package: the model with settings of its own, as they stand in {@code model.yaml}. */
    public Path packaged(BenchmarkModel model, String settings) throws IOException {
        Path packaged =
                Files.createDirectories(folder.resolve("packages-" + homes++).resolve(model.served()));
        Files.copy(model.file(), packaged.resolve("model.onnx"));
        Files.writeString(packaged.resolve("model.yaml"), "settings: " + settings + "\n");
        return packaged;
    }

    /** A program that takes a port and then its own arguments, and answers HTTP wherever it is posted to. */
    public Served server(String name, Class<?> program, String... arguments) throws IOException {
        int port = OwnProcess.freePort();
        List<String> all = new ArrayList<>(List.of(Integer.toString(port)));
        all.addAll(List.of(arguments));
        OwnProcess process = started(OwnProcess.server(name, program, all));
        return process.served(name, port, "/");
    }

    /** A loop in a process of its own, over nothing but the CPU: see {@link Loops}. */
    public Subject loop(String name, int threads, String kind, BenchmarkModel model, String... arguments)
            throws IOException {
        return LoopedProgram.start(this, name, threads, kind, model, arguments);
    }

    /** Servers of others that answer the same, as far as they are here. */
    public List<Served> peers(BenchmarkModel model) throws IOException, InterruptedException {
        return peers.start(this, model);
    }

    /** What to know of the peers that are and are not here. */
    public String aboutPeers() {
        return peers.about();
    }

    OwnProcess started(OwnProcess process) {
        processes.push(process);
        return process;
    }

    /** Ends what was started so far. */
    public void end() {
        while (!processes.isEmpty()) {
            processes.pop().close();
        }
    }

    @Override
    public void close() {
        end();
    }
}
