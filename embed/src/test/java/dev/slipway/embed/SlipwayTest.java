package dev.slipway.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorLease;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example models without a server. Closing a model fails while a tensor is still live, so every test proves that none
 * is.
 */
class SlipwayTest {

    private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();
    private static final Map<String, Double> SETOSA =
            Map.of("sepal_length", 5.1, "sepal_width", 3.5, "petal_length", 1.4, "petal_width", 0.2);

    @TempDir
    private Path folder;

    @Test
    void aTabularModelPredictsFromColumnsAndRows() {
        try (Model model = Slipway.open(EXAMPLES.resolve("iris"))) {
            Prediction prediction = model.predict(SETOSA);
            assertThat(prediction.label()).isEqualTo("setosa");
            assertThat(prediction.probabilities().values().stream()
                            .mapToDouble(Double::doubleValue)
                            .sum())
                    .isCloseTo(1, within(1e-5));
            assertThat(model.predict(5.1, 3.5, 1.4, 0.2)).isEqualTo(prediction);
            assertThat(model.predictAll(List.of(SETOSA, List.of(6.4, 2.8, 5.6, 2.1))))
                    .extracting(Prediction::label)
                    .containsExactly("setosa", "virginica");
            assertThat(model.name()).isEqualTo("iris");
        }
    }

    @Test
    void anImageModelPredictsFromFileBytes() throws IOException {
        byte[] image = Files.readAllBytes(EXAMPLES.resolve("digits/samples/7.png"));
        try (Model model = Slipway.open(EXAMPLES.resolve("digits"))) {
            Prediction prediction = model.predict(image);
            assertThat(prediction.label()).isEqualTo("7");
            assertThat(prediction.confidence()).isGreaterThan(0.99);
            assertThat(prediction.probabilities()).containsEntry("7", prediction.confidence());
        }
    }

    @Test
    void aBareFileTakesNamedTensors() {
        try (Model model = Slipway.open(EXAMPLES.resolve("iris/iris.onnx"))) {
            Prediction prediction = model.predict(Map.of("features", List.of(List.of(5.1, 3.5, 1.4, 0.2))));
            assertThat(prediction.outputs().get("probabilities"))
                    .isInstanceOfSatisfying(
                            List.class,
                            rows -> assertThat((List<?>) rows.getFirst()).hasSize(3));
        }
    }

    @Test
    void theOnlyInputOfABareFileNeedsNoName() {
        try (Model model = Slipway.open(EXAMPLES.resolve("iris/iris.onnx"))) {
            Prediction named = model.predict(Map.of("features", List.of(List.of(5.1, 3.5, 1.4, 0.2))));
            assertThat(model.predict(5.1, 3.5, 1.4, 0.2)).isEqualTo(named);
            assertThat(model.predict(List.of(5.1, 3.5, 1.4, 0.2))).isEqualTo(named);
            assertThat(model.predict(List.of(List.of(5.1, 3.5, 1.4, 0.2)))).isEqualTo(named);
            assertThatThrownBy(() -> model.predict(5.1))
                    .hasMessage("input 'features: FP32[batch,4]': 1 value does not fill it");
        }
    }

    @Test
    void tensorsGoInAndOutAsTheyAre() {
        try (Model model = Slipway.open(EXAMPLES.resolve("iris"))) {
            TensorLease features = model.pool().allocate(DataType.FP32, Shape.of(1, 4));
            MemorySegment.copy(
                    new float[] {6.4f, 2.8f, 5.6f, 2.1f}, 0, features.tensor().data(), ValueLayout.JAVA_FLOAT, 0, 4);
            try (InferenceResponse response = model.infer(List.of(new NamedTensor("features", features)))) {
                assertThat(response.outputs()).hasSize(1);
                MemorySegment scores = response.outputs().getFirst().tensor().data();
                // as recorded when the model was trained
                assertThat(scores.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, 2))
                        .isCloseTo(0.92439985f, within(1e-5f));
            }
        }
    }

    @Test
    void whatDoesNotFitIsNamed() {
        try (Model model = Slipway.open(EXAMPLES.resolve("iris"))) {
            assertThatThrownBy(() -> model.predict(Map.of("sepal_length", 5.1)))
                    .isInstanceOfSatisfying(
                            FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.BadInput.class))
                    .hasMessageContaining("petal_width");
            assertThatThrownBy(() -> model.predict(new byte[] {1, 2, 3})).isInstanceOf(FailureException.class);
        }
    }

    @Test
    void aPathWithoutModelIsRefusedAndLeavesNothingBehind() throws IOException {
        Path file = folder.resolve("notes.txt");
        Files.writeString(file, "no model");
        assertThatThrownBy(() -> Slipway.open(file))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("notes");
        assertThatThrownBy(() -> Slipway.open(folder.resolve("missing"))).hasMessageContaining("missing");
    }

    @Test
    void manyThreadsGetTheAnswersThatOneGetsAlsoInBatches() throws Exception {
        try (Model alone = Slipway.open(EXAMPLES.resolve("iris"));
                Model shared = Slipway.open(EXAMPLES.resolve("iris"), Options.DEFAULT.withBatching());
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Prediction>> answers = IntStream.range(0, 200)
                    .mapToObj(i -> threads.submit(() -> shared.predict(4 + i / 50.0, 3, 1 + i / 40.0, i / 80.0)))
                    .toList();
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo(alone.predict(4 + i / 50.0, 3, 1 + i / 40.0, i / 80.0));
            }
        }
    }
}
