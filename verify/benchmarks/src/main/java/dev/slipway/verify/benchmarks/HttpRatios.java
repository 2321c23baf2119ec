package dev.slipway.verify.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What a request over HTTP costs Slipway beside the same by hand on Netty, beside the least that Vert.x and Netty can do,
 * and beside other servers if they are given. Each is a process of its own, and they are loaded in turn.
 */
@Command(name = "http", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class HttpRatios implements Callable<Integer> {

    @Option(names = "--rounds", description = "How often each server is measured.")
    private int rounds = 11;

    @Option(names = "--seconds", description = "How long each time.")
    private double seconds = 2;

    @Option(names = "--warm", description = "Seconds for which each is loaded before.")
    private double warm = 30;

    @Option(names = "--connections", description = "Connections of the closed loop.")
    private int connections = 64;

    @Option(names = "--model", description = "The ONNX file that Slipway serves; without it the iris example.")
    private @Nullable Path model;

    @Option(names = "--body", description = "The file that is posted, fit for the model.")
    private @Nullable Path body;

    @Option(names = "--peer", paramLabel = "NAME=URL,PID", description = "A running server to measure as well.")
    private List<String> peers = List.of();

    @Option(names = "--no-floor", description = "Leave the handler on Netty and the echoes of Vert.x and Netty out.")
    private boolean withoutFloor;

    private final PrintStream out;

    HttpRatios(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new HttpRatios(System.out)).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("slipway-http-");
        Path file = model == null ? BenchmarkModel.iris().file() : model;
        byte[] posted = body == null
                ? ("{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\","
                                + "\"data\":[5.1,3.5,1.4,0.2]}]}")
                        .getBytes(StandardCharsets.UTF_8)
                : Files.readAllBytes(body);
        String name = file.getFileName().toString().replaceFirst("\\.onnx$", "");
        List<OwnServer> own = new ArrayList<>();
        try {
            own.add(OwnServer.slipway(file, name, home));
            if (!withoutFloor) {
                own.add(OwnServer.byHand("netty-by-hand", NettyModel.class, file));
                own.add(OwnServer.floor("vertx-echo", VertxEcho.class));
                own.add(OwnServer.floor("netty-echo", NettyEcho.class));
            }
            List<Served> all =
                    new ArrayList<>(own.stream().map(OwnServer::served).toList());
            peers.stream().map(Served::of).forEach(all::add);
            for (Served served : all) {
                awaitAnswer(served, posted);
            }
            measure(all, posted);
        } finally {
            own.forEach(OwnServer::close);
        }
        return 0;
    }

    private void measure(List<Served> all, byte[] posted) throws IOException {
        List<ClosedLoop> loops = all.stream()
                .map(served -> new ClosedLoop(served, posted, connections))
                .toList();
        for (ClosedLoop loop : loops) {
            loop.run(seconds(warm));
        }
        List<List<Window>> windows = new ArrayList<>();
        all.forEach(_ -> windows.add(new ArrayList<>()));
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < loops.size(); i++) {
                windows.get(i).add(loops.get(i).run(seconds(seconds)));
            }
        }
        out.printf(
                "%d rounds of %.1f s, %d connections, body of %d bytes, %d cores, load %.1f, JDK %s%n%n",
                rounds,
                seconds,
                connections,
                posted.length,
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Runtime.version());
        HttpTable table = new HttpTable(out, windows);
        table.head(all);
        for (int i = 0; i < all.size(); i++) {
            table.row(all.get(i).name(), i);
        }
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    /** Posts until the server answers well. */
    private static void awaitAnswer(Served served, byte[] posted) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(served.url())
                .version(HttpClient.Version.HTTP_1_1)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(posted))
                .build();
        String last = "nothing";
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int attempt = 0; attempt < 600; attempt++) {
                try {
                    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                    if (answer.statusCode() == 200) {
                        return;
                    }
                    last = answer.statusCode() + " " + answer.body();
                } catch (IOException e) {
                    last = e.toString();
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        throw new IllegalStateException(served.name() + " at " + served.url() + " does not answer: " + last);
    }
}
