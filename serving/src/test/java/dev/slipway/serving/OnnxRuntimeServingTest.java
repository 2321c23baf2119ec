package dev.slipway.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Endpoint;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.Manifest;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Settings;
import dev.slipway.core.Shape;
import dev.slipway.core.Signature;
import dev.slipway.core.Task;
import dev.slipway.core.TensorSpec;
import dev.slipway.core.spi.EngineProvider;
import dev.slipway.testing.CountingPool;
import dev.slipway.testing.Tensors;
import dev.slipway.testing.onnx.OnnxModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The data plane on the engine that it is made for. */
class OnnxRuntimeServingTest {

    private static final ModelName MODEL = ModelName.of("m");
    private static final DeclaredShape ROWS_OF_FOUR = DeclaredShape.of(Dimension.of("batch"), Dimension.of(4));

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path folder;

    private final FakeTimer timer = new FakeTimer();
    private LocalModelServer server;

    @BeforeEach
    void start() {
        List<EngineProvider> engines = ServiceLoader.load(EngineProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        server = new LocalModelServer(
                ServingFixture.config(), engines, pool, ServingObserver.NONE, EventLoops.NONE, timer, () -> 0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private LoadedVersion load(Signature signature, Duration delay) {
        Manifest manifest = Manifest.bare("onnx", "model.onnx", Task.TENSORS, signature);
        Settings settings = ServingFixture.withDelay(ServingFixture.settings(32, 100), delay);
        return server.load(new VersionSource(MODEL, 1, folder, manifest, settings));
    }

    private LoadedVersion iris(Duration delay) throws IOException {
        try (InputStream model = OnnxRuntimeServingTest.class.getResourceAsStream("iris_mlp.onnx")) {
            Files.copy(model, folder.resolve("model.onnx"));
        }
        return load(
                new Signature(
                        List.of(new TensorSpec("features", DataType.FP32, ROWS_OF_FOUR)),
                        List.of(new TensorSpec(
                                "probabilities",
                                DataType.FP32,
                                DeclaredShape.of(Dimension.of("batch"), Dimension.of(3))))),
                delay);
    }

    private static Signature oneToOne(DataType type, DeclaredShape shape) {
        return new Signature(List.of(new TensorSpec("x", type, shape)), List.of(new TensorSpec("y", type, shape)));
    }

    private void publish(LoadedVersion version) {
        server.publish(new Published(MODEL, Endpoint.of(1), new TreeMap<>(Map.of(1L, version)), Map.of()));
    }

    private CompletionStage<InferenceResponse> send(NamedTensor input) {
        return server.infer(new InferenceRequest(
                ModelRef.of(MODEL), "1", List.of(input), List.of(), null, Map.of(), null, new Cancellation()));
    }

    @Test
    void aFloatNetworkIsExactAtEveryBatchSize() throws IOException {
        assertThat(iris(Duration.ZERO).probe(List.of())).isEqualTo(new Batchability.Exact());
    }

    @Test
    void requestsRunTogetherAnswerAsAlone() throws IOException {
        LoadedVersion version = iris(Duration.ofMillis(1));
        version.probe(List.of());
        publish(version);
        float[][] rows = {{5.1f, 3.5f, 1.4f, 0.2f}, {6.7f, 3.0f, 5.2f, 2.3f}, {5.9f, 3.0f, 4.2f, 1.5f}};
        List<CompletionStage<InferenceResponse>> together = new ArrayList<>();
        for (float[] row : rows) {
            together.add(send(Tensors.floats(pool, "features", Shape.of(1, 4), row)));
        }
        timer.advance(Duration.ofMillis(1));
        for (int i = 0; i < rows.length; i++) {
            try (InferenceResponse answer = ServingFixture.await(together.get(i))) {
                float[] probabilities =
                        Tensors.floats(answer.outputs().getFirst().tensor());
                assertThat(answer.timing().batchRows()).isEqualTo(3);
                assertThat(probabilities[i == 0 ? 0 : 3 - i]).isGreaterThan(0.5f);
                assertThat(probabilities[0] + probabilities[1] + probabilities[2])
                        .isCloseTo(1f, within(1e-6f));
            }
        }
    }

    @Test
    void textsRunTogetherKeepTheirRows() {
        DeclaredShape texts = DeclaredShape.of(Dimension.of("batch"), Dimension.of(2));
        new OnnxModel()
                .input("x", DataType.BYTES, texts)
                .output("y", DataType.BYTES, texts)
                .node("Identity", List.of("x"), List.of("y"))
                .write(folder.resolve("model.onnx"));
        LoadedVersion version = load(oneToOne(DataType.BYTES, texts), Duration.ofMillis(1));
        assertThat(version.probe(List.of())).isEqualTo(new Batchability.Exact());
        publish(version);
        var first = send(Tensors.strings(pool, "x", Shape.of(1, 2), "a", "bcd"));
        var second = send(Tensors.strings(pool, "x", Shape.of(2, 2), "", "é", "f\0g", "h"));
        timer.advance(Duration.ofMillis(1));
        try (InferenceResponse one = ServingFixture.await(first);
                InferenceResponse two = ServingFixture.await(second)) {
            assertThat(one.timing().batchRows()).isEqualTo(3);
            assertThat(one.outputs().getFirst().tensor().strings()).containsExactly("a", "bcd");
            assertThat(two.outputs().getFirst().tensor().strings()).containsExactly("", "é", "f\0g", "h");
        }
    }
}
