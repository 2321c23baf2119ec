package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Endpoint;
import dev.slipway.core.ModelName;
import dev.slipway.json.Json;
import dev.slipway.server.config.Listen;
import dev.slipway.server.config.ServerConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The load generator against a real server. */
class BenchTest {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    private ServerProcess server;

    @BeforeEach
    void start() throws IOException {
        server = ServerProcess.start(
                ServerConfig.of(folder.resolve("home")).with(new Listen("127.0.0.1", 0, -1, 1)), "1.0");
        server.restore();
        assertThat(run("deploy", "examples/iris").exit()).isZero();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Program.Run run(String... args) {
        return new Program(PROJECT).with("SLIPWAY_SERVER", server.url()).run(args);
    }

    private Program.Run bench(String... args) {
        String[] all = new String[args.length + 5];
        System.arraycopy(new String[] {"bench", "--duration", "0.3", "--warm-up", "0.1"}, 0, all, 0, 5);
        System.arraycopy(args, 0, all, 5, args.length);
        return run(all);
    }

    private String metrics() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/metrics"))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @ParameterizedTest
    @EnumSource(dev.slipway.bench.Protocol.class)
    void everyProtocolIsAnswered(dev.slipway.bench.Protocol protocol) throws Exception {
        Program.Run run = bench(
                "iris/1", "--protocol", protocol.toString(), "--concurrency", "1,3", "--batch", "5", "-o", "json");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        Document document = Document.of(Json.parse(run.out()));
        assertThat(document.text("protocol")).isEqualTo(protocol.toString());
        assertThat(document.objects("results"))
                .extracting(result -> result.text("concurrency"))
                .containsExactly("1", "3");
        assertThat(document.objects("results")).allSatisfy(result -> {
            assertThat(result.number("answered")).isPositive();
            assertThat(result.object("server_side").number("batch"))
                    .as("five rows are at least one run of five")
                    .isGreaterThanOrEqualTo(5);
        });
        assertThat(metrics().lines().filter(line -> line.startsWith("slipway_request_seconds_count")))
                .as("nothing is counted as cancelled")
                .noneMatch(line -> line.contains("code=\"1\"") || line.contains("code=\"499\""));
    }

    @Test
    void twoServersAreComparedInTurns() throws IOException {
        Path request = folder.resolve("request.json");
        Files.writeString(
                request,
                "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}");
        Path svg = folder.resolve("latencies.svg");
        Program.Run run = bench(
                "iris",
                "--rate",
                "200",
                "--rounds",
                "2",
                "--input",
                request.toString(),
                "--svg",
                svg.toString(),
                "--against",
                server.url());
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("200/s").contains("times as many");
        assertThat(svg).content().contains("200/s, " + server.url());
    }

    @Test
    void aTuningShowsWhatItTriedAndDrawsIt() {
        Path svg = folder.resolve("tuning.svg");
        Program.Run run =
                run("tune", "iris", "--time", "1s", "--concurrency", "2", "--dry-run", "--svg", svg.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("INSTANCES").contains("best").contains(" cores");
        assertThat(svg).content().contains("answered a second").contains("auto × auto threads, batch 32");
        assertThat(run("history", "iris").out()).doesNotContain("settings");
    }

    @Test
    void aTuningTellsProgramsWhatItTried() {
        Program.Run run = run("tune", "iris/1", "--time", "1s", "--concurrency", "2", "-o", "json");
        Document document = Document.of(Json.parse(run.out()));
        assertThat(document.objects("tried").stream()
                        .filter(tried -> tried.text("best").equals("true")))
                .hasSize(1);
        assertThat(document.text("changed"))
                .isEqualTo(Boolean.toString(run("history", "iris").out().contains("tuned on")));
    }

    @Test
    void refusedRequestsFailTheRun() {
        Program.Run run = bench("iris", "--shape", "features=1,3", "--concurrency", "1");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("status 400");
        assertThat(run.err()).contains("requests failed");
        assertThat(Json.parse(bench("iris", "--shape", "features=1,3", "--concurrency", "1", "-o", "json")
                        .out()))
                .isNotNull();
    }

    @Test
    void whatCannotBeMeantIsToldBeforeAnythingIsSent() {
        assertThat(bench("nope").err()).contains("'nope'");
        assertThat(bench("iris", "--concurrency", "0").err()).contains("--concurrency: 1 to 10000, 0 given");
        assertThat(bench("iris", "--rate", "-1").err()).contains("--rate: more than 0, -1.0 given");
        assertThat(bench("iris", "--shape", "features=a").err()).contains("A shape is written as features=1,3,224,224");
        assertThat(bench("iris@stable").exit()).isEqualTo(2);
        assertThat(bench("iris", "--shape", "foo=1").err()).contains("'foo'").contains("[features]");
        assertThat(bench("iris", "--batch", "0").err()).contains("--batch: 1 to 1000000 rows, 0 given");
        assertThat(bench("iris", "--rounds", "0").err()).contains("--rounds: 1 to 1000, 0 given");
        assertThat(bench("iris", "--input", "x.json", "--batch", "2").err()).contains("does not go with --input");
        assertThat(bench("iris", "--against", "two words").err()).contains("is not the address of a server");
        assertThat(bench("iris", "--svg", "nowhere/x.svg").err()).contains("--svg: a file in a folder that exists");
    }

    @Test
    void aTuningThatCannotBeDrawnChangesNothing() {
        String before = run("history", "iris").out();
        assertThat(run("tune", "iris", "--time", "1s", "--svg", "nowhere/x.svg").exit())
                .isEqualTo(2);
        assertThat(run("history", "iris").out()).isEqualTo(before);
    }

    @Test
    void aTuningIsOfTheVersionThatMostRequestsComeTo() {
        assertThat(run("deploy", "examples/iris", "--force", "--alias", "next").exit())
                .isZero();
        List<Endpoint.Target> targets = List.of(new Endpoint.Target(1, 1), new Endpoint.Target(2, 9));
        server.deployments().endpoint(ModelName.of("iris"), new Endpoint(targets, 1L, false), "test", null);
        Program.Run run = run("tune", "iris", "--time", "1s", "--concurrency", "2", "--dry-run");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
    }
}
