package dev.slipway.verify.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.verify.system.RawConnection.Answer;
import dev.slipway.verify.system.SoakModel.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server of its own under everything at once: many kinds of models, of which some do not fit into memory together, in
 * every dialect; versions that come and go; clients that vanish, stop reading and send what is wrong. Every request whose
 * client stays has one answer, which is right; in the end nothing is held; and memory stays flat.
 *
 * <p>Its length is {@code -Dslipway.soak=PT20M}; samples of what it holds are in {@code target/soak.csv}.
 */
@EnabledOnOs(OS.LINUX)
class SoakTest {

    private static final Duration LENGTH = Duration.parse(System.getProperty("slipway.soak", "PT15S"));
    private static final Duration LONG = Duration.ofMinutes(20);

    /** A shorter one tells nothing of memory: a Java machine takes minutes to have compiled and loaded what it needs. */
    private static final Duration TELLING = Duration.ofMinutes(10);

    private static final int MOST_SAMPLES = 60;

    /** A collection and a look take a while themselves. */
    private static final Duration BETWEEN_SAMPLES = Duration.ofSeconds(3);

    private static final int CALLERS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path EXAMPLES = Path.of("../../examples");
    private static final Path TABLE = Path.of("target", "soak.csv");

    private static final SoakModel SWAPPED = new SoakModel("swapped", 2, 3, Kind.ADDS_VERSION, 1);
    private static final SoakModel MLP = new SoakModel("mlp", 64, 4, Kind.MLP, 0);
    private static final SoakModel KEPT = new SoakModel("kept", 2, 3, Kind.ADDS, 7);
    private static final SoakModel RANKED = new SoakModel("ranked", 2, 3, Kind.ADDS, 11);
    private static final SoakModel HEAVY = new SoakModel("heavy", 192, 4, Kind.HEAVY, 1);

    /** Six of some 4 MB each, of which about half have room. */
    private static final List<SoakModel> LARGE = List.of(
            new SoakModel("large-2", 1000, 2, Kind.MULTIPLIES, 2),
            new SoakModel("large-3", 1000, 2, Kind.MULTIPLIES, 3),
            new SoakModel("large-4", 1000, 2, Kind.MULTIPLIES, 4),
            new SoakModel("large-5", 1000, 2, Kind.MULTIPLIES, 5),
            new SoakModel("large-6", 1000, 2, Kind.MULTIPLIES, 6),
            new SoakModel("large-7", 1000, 2, Kind.MULTIPLIES, 7));

    @TempDir
    private Path folder;

    private final CountDownLatch ended = new CountDownLatch(1);

    @Test
    void everythingAtOnceIsAnsweredAndLeavesNothing() throws Exception {
        soak(LENGTH);
    }

    @Test
    @Tag("long")
    void everythingAtOnceForTwentyMinutesLeavesMemoryFlat() throws Exception {
        soak(LONG);
    }

    private void soak(Duration length) throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));
        Files.writeString(home.resolve("slipway.yaml"), "serving:\n  model_memory: 48MiB\n  cache_memory: 64KiB\n");
        List<SoakModel> models = models();
        SoakLedger ledger = new SoakLedger(100);
        try (SeparateServer server = SeparateServer.start(
                        List.of(),
                        List.of("-XX:TieredStopAtLevel=4"),
                        home,
                        write(models).toString(),
                        EXAMPLES.toString());
                V2Client grpc = new V2Client(server.port())) {
            settings(server, KEPT, "{\"cache\":true}");
            settings(
                    server,
                    RANKED,
                    "{\"instances\":1,\"queue\":{\"size\":6,\"priority_levels\":2,\"default_priority\":2,"
                            + "\"policy\":{\"size\":4,\"timeout\":\"20ms\",\"timeout_action\":\"reject\"},"
                            + "\"priority_policies\":{\"1\":{\"timeout\":\"1ms\",\"timeout_action\":\"delay\"}}}}");
            SoakMemory memory = new SoakMemory(server.pid(), server.port(), TABLE);
            run(length, server, grpc, models, ledger, memory);
            assertThat(ledger.complaints()).as(ledger.toString()).isEmpty();
            assertThat(ledger.unanswered()).as(ledger.toString()).isZero();
            assertThat(ledger.right()).as(ledger.toString()).isGreaterThan(ledger.asked() / 2);
            removeAll(server);
            requireNothingHeld(server);
            server.terminate();
            assertThat(server.exit()).isZero();
            assertThat(server.saidAll().lines().filter(line -> line.contains(" ERROR ")))
                    .isEmpty();
            if (length.compareTo(TELLING) >= 0) {
                assertThat(memory.grown()).isEmpty();
            }
        }
    }

    private static List<SoakModel> models() {
        List<SoakModel> models = new ArrayList<>(List.of(SWAPPED, MLP, KEPT, RANKED, HEAVY));
        models.addAll(LARGE);
        return models;
    }

    private Path write(List<SoakModel> models) throws IOException {
        Path files = Files.createDirectory(folder.resolve("models"));
        for (SoakModel model : models) {
            Files.write(files.resolve(model.name() + ".onnx"), model.bytes());
        }
        return files;
    }

    private static void settings(SeparateServer server, SoakModel model, String settings) throws IOException {
        Answer answer = RawConnection.once(
                server.port(),
                "PATCH",
                "/api/v1/models/" + model.name() + "/versions/1/settings",
                settings.getBytes(StandardCharsets.UTF_8),
                "Content-Type: application/json");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private void run(
            Duration length,
            SeparateServer server,
            V2Client grpc,
            List<SoakModel> models,
            SoakLedger ledger,
            SoakMemory memory)
            throws Exception {
        List<SoakExample> examples = SoakExample.all(EXAMPLES);
        SplittableRandom random = new SplittableRandom(1);
        BooleanSupplier over = () -> ended.getCount() == 0;
        int port = server.port();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                all.add(threads.submit(new SoakCaller(port, grpc, models, examples, ledger, random.split(), over)));
            }
            all.add(threads.submit(new SoakMischief(port, models, ledger, random.split(), over)));
            all.add(threads.submit(new SoakReleases(port, SWAPPED, MLP.name(), ledger, random.split(), over)));
            try {
                watch(length, ledger, memory);
            } finally {
                ended.countDown();
                ledger.end();
            }
            for (Future<Void> one : all) {
                Void _ = one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }
        System.out.println(ledger);
    }

    private void watch(Duration length, SoakLedger ledger, SoakMemory memory) throws Exception {
        long begun = System.nanoTime();
        int samples = Math.clamp(length.dividedBy(BETWEEN_SAMPLES), 1, MOST_SAMPLES);
        for (int i = 1; i <= samples; i++) {
            long until = begun + length.dividedBy(samples).multipliedBy(i).toNanos();
            boolean _ = ended.await(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            System.out.println(memory.sample(Duration.ofNanos(System.nanoTime() - begun), ledger.asked()) + ", "
                    + ledger.asked() + " asked");
        }
    }

    private static void removeAll(SeparateServer server) throws IOException {
        JsonNode all = json(RawConnection.once(server.port(), "GET", "/api/v1/models?limit=1000"));
        for (JsonNode model : all.get("models")) {
            String path = "/api/v1/models/" + model.get("model").asText();
            Answer answer = RawConnection.once(server.port(), "DELETE", path);
            assertThat(answer.status()).as(answer.text()).isIn(200, 204);
        }
    }

    /** Waits for what is on its way to be given back: by the models that have been removed, and to clients that have gone. */
    private static void requireNothingHeld(SeparateServer server) throws IOException {
        long patience = System.nanoTime() + PATIENCE.toNanos();
        List<String> held = held(server);
        while (!held.isEmpty() && System.nanoTime() - patience < 0) {
            held = held(server);
        }
        assertThat(held).isEmpty();
    }

    private static List<String> held(SeparateServer server) throws IOException {
        JsonNode memory =
                json(RawConnection.once(server.port(), "GET", "/api/v1/status")).get("memory");
        List<String> held = new ArrayList<>();
        for (String what : List.of("tensor_leases", "tensor_bytes", "model_bytes")) {
            if (memory.get(what).asLong() != 0) {
                held.add(what + " " + memory.get(what));
            }
        }
        SoakMemory.metrics(server.port())
                .lines()
                .filter(line ->
                        line.matches("slipway_(body_bytes|answer_bytes|cache_bytes|model_bytes|versions_overdue) .*"))
                .filter(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))) != 0)
                .forEach(held::add);
        return held;
    }

    private static JsonNode json(Answer answer) throws IOException {
        return new ObjectMapper().readTree(answer.text());
    }
}
