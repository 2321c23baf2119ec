package dev.slipway.verify.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.verify.system.RawHttp.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions that take turns under load. */
class SwapTest {

    private static final int SWAPS = 200;
    private static final int CALLERS = 3;

    @TempDir
    private Path folder;

    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void twoHundredSwapsGiveNoErrorAndNoMixedAnswer() throws Exception {
        try (LocalServer server = new LocalServer(folder.resolve("home"));
                RawHttp administration = new RawHttp(server.port());
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            server.deploy(Adding.write(folder.resolve("one.onnx"), 1), "adding");
            server.deploy(Adding.write(folder.resolve("two.onnx"), 2), "adding");
            List<Future<long[]>> load = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                load.add(callers.submit(() -> callOverHttp(server.port())));
                load.add(callers.submit(() -> callOverGrpc(server.port())));
            }
            for (int i = 0; i < SWAPS; i++) {
                int version = 1 + i % 2;
                Answer moved = administration.exchange(
                        "PUT", "/api/v1/models/adding/aliases/stable", "{\"version\":\"" + version + "\"}");
                assertThat(moved.status()).as(moved.body()).isEqualTo(200);
                Answer after = administration.exchange("POST", "/v2/models/adding/infer", Adding.request(5));
                assertThat(Adding.added(after.json(), 5))
                        .as("an answer after the acknowledged swap")
                        .isEqualTo(version);
            }
            over.set(true);
            long[] answers = new long[3];
            for (Future<long[]> one : load) {
                long[] seen = one.get(1, TimeUnit.MINUTES);
                answers[1] += seen[1];
                answers[2] += seen[2];
            }
            assertThat(answers[1]).isGreaterThan(SWAPS);
            assertThat(answers[2]).isGreaterThan(SWAPS);
            server.requireNoLiveLease();
        }
    }

    /** Counts answers by version. */
    private long[] callOverHttp(int port) throws IOException {
        long[] answers = new long[3];
        try (RawHttp connection = new RawHttp(port)) {
            for (int i = 0; !over.get(); i++) {
                Answer answer = connection.exchange("POST", "/v2/models/adding/infer", Adding.request(i % 1000));
                assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                int version = answer.json().get("model_version").asInt();
                assertThat(Adding.added(answer.json(), i % 1000))
                        .as(answer.body())
                        .isEqualTo(version);
                answers[version]++;
            }
        }
        return answers;
    }

    private long[] callOverGrpc(int port) {
        long[] answers = new long[3];
        try (V2Client client = new V2Client(port)) {
            for (int i = 0; !over.get(); i++) {
                float x = i % 1000;
                var answer =
                        client.stub().modelInfer(V2Client.floatRequest("adding", "x", "y", new long[] {1, 2}, x, x));
                int version = Integer.parseInt(answer.getModelVersion());
                assertThat(V2Client.floats(answer.getRawOutputContents(0).toByteArray()))
                        .containsExactly(x + version, x + version);
                answers[version]++;
            }
        }
        return answers;
    }
}
