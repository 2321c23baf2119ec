package dev.slipway.verify.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.verify.system.RawHttp.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many more models than fit into the memory that they are given; model {@code i} adds {@code i}. */
class ManyModelsTest {

    private static final int CALLERS = 8;
    private static final int ROUNDS = 2;

    /** Room for about a dozen of them. */
    private static final String MEMORY = "model_memory: 12MiB";

    private static final long LIMIT = 12 << 20;

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void twoHundredComeAndGoWithoutALostRequest() throws Exception {
        comeAndGo(200);
    }

    @Test
    @Tag("long")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void aThousandComeAndGoWithoutALostRequest() throws Exception {
        comeAndGo(1000);
    }

    private void comeAndGo(int models) throws Exception {
        Path home = home(MEMORY);
        try (SeparateServer server = SeparateServer.start(home, models(models).toString())) {
            askAll(server, models);
            requireWithinLimit(server, models);
            server.terminate();
            assertThat(server.exit()).isZero();
        }
        Files.writeString(home.resolve("slipway.yaml"), "serving:\n  " + MEMORY + "\n  load_at_start: false\n");
        try (SeparateServer server = SeparateServer.start(home)) {
            assertThat(status(server).get("loaded"))
                    .as("in memory after a start that loads nothing")
                    .isEmpty();
            assertThat(status(server).get("on_demand").asInt()).isEqualTo(models);
            try (RawHttp connection = new RawHttp(server.port())) {
                assertThat(connection
                                .exchange("GET", "/v2/models/" + name(3) + "/ready", "")
                                .status())
                        .as("a model that comes when it is asked is ready")
                        .isEqualTo(200);
            }
            askAll(server, models);
            requireWithinLimit(server, models);
        }
    }

    private Path home(String settings) throws IOException {
        Path home = Files.createDirectory(folder.resolve("home"));
        Files.writeString(home.resolve("slipway.yaml"), "serving:\n  " + settings + "\n");
        return home;
    }

    private Path models(int count) throws IOException {
        Path files = Files.createDirectory(folder.resolve("models"));
        for (int i = 0; i < count; i++) {
            Adding.write(files.resolve(name(i) + ".onnx"), i);
        }
        return files;
    }

    private static String name(int model) {
        return "adding-" + model;
    }

    /** Every model is asked by one of the callers, several times and in several orders; every answer is its own. */
    private static void askAll(SeparateServer server, int models) throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> asked = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                int own = caller;
                asked.add(callers.submit(() -> ask(server.port(), own, models)));
            }
            for (Future<?> one : asked) {
                one.get();
            }
        }
    }

    private static Void ask(int port, int caller, int models) throws IOException {
        try (RawHttp connection = new RawHttp(port)) {
            for (int i = caller; i < ROUNDS * models; i += CALLERS) {
                int model = (int) (7L * i % models);
                Answer answer = connection.exchange("POST", "/v2/models/" + name(model) + "/infer", Adding.request(i));
                assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                assertThat(Adding.added(answer.json(), i)).as(answer.body()).isEqualTo(model);
            }
        }
        return null;
    }

    private static void requireWithinLimit(SeparateServer server, int models) throws IOException {
        JsonNode status = status(server);
        while (status.get("memory").get("model_bytes").asLong() > LIMIT) { // one is still leaving
            status = status(server);
        }
        assertThat(status.get("loaded")).isNotEmpty();
        assertThat(status.get("failed")).isEmpty();
        assertThat(status.get("loaded").size() + status.get("on_demand").asInt())
                .isEqualTo(models);
    }

    private static JsonNode status(SeparateServer server) throws IOException {
        try (RawHttp connection = new RawHttp(server.port())) {
            return connection.exchange("GET", "/api/v1/status", "").json();
        }
    }
}
