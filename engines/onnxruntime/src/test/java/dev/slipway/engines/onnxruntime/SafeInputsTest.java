package dev.slipway.engines.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.FailureException;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Settings;
import dev.slipway.core.Shape;
import dev.slipway.core.spi.Engine;
import dev.slipway.core.spi.Session;
import dev.slipway.testing.Answers;
import dev.slipway.testing.CountingPool;
import dev.slipway.testing.Tensors;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxNode;
import dev.slipway.testing.onnx.OnnxTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Inputs that operators do not look at before they divide by them or count from them, which would end the process. */
class SafeInputsTest {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path folder;

    private Engine engine;

    @BeforeEach
    void start() {
        engine = new OnnxRuntimeProvider().start(pool);
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private Session open(OnnxModel model) {
        return engine.open(model.write(folder.resolve("model.onnx")), Settings.DEFAULT, new Cancellation());
    }

    /** y of one operator, whose first input is x. */
    private static OnnxModel of(int rank, int resultRank, OnnxNode node) {
        return new OnnxModel()
                .opset(20)
                .input("x", DataType.FP32, any(rank))
                .output("y", DataType.FP32, any(resultRank))
                .node(node);
    }

    private static DeclaredShape any(int rank) {
        return DeclaredShape.of(
                IntStream.range(0, rank).mapToObj(i -> Dimension.of("d" + i)).toArray(Dimension[]::new));
    }

    private NamedTensor x(Shape shape, float... values) {
        return Tensors.floats(pool, "x", shape, values);
    }

    private static void refuses(Session session, NamedTensor... inputs) {
        assertThatThrownBy(() -> Answers.of(session, inputs).close())
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("slipway.safe_inputs");
    }

    private static void answers(Session session, NamedTensor input, float... expected) {
        try (Answers answers = Answers.of(session, input)) {
            assertThat(Tensors.floats(answers.output("y"))).containsExactly(expected);
        }
    }

    @Test
    void aNormOverNoElements() {
        try (Session session = open(of(
                2, 2, OnnxNode.of("LpNormalization", List.of("x"), List.of("y")).with("p", 1)))) {
            refuses(session, x(Shape.of(1, 0)));
            refuses(session, x(Shape.of(0, 2)));
            answers(session, x(Shape.of(2, 2), 1, 1, 3, 1), 0.5f, 0.5f, 0.75f, 0.25f);
        }
    }

    @Test
    void aTransformOfNoSamples() {
        try (Session session = open(of(3, 3, OnnxNode.of("DFT", List.of("x"), List.of("y"))))) {
            refuses(session, x(Shape.of(1, 0, 1)));
            answers(session, x(Shape.of(1, 1, 1), 3), 3, 0);
        }
    }

    @Test
    void framesOfLengthZero() {
        OnnxModel model = of(3, 4, OnnxNode.of("STFT", List.of("x", "step", "", "length"), List.of("y")))
                .input("length", DataType.INT64, new DeclaredShape(true, List.of()))
                .initializer("step", OnnxTensor.longs(Shape.SCALAR, 1));
        try (Session session = open(model)) {
            refuses(session, x(Shape.of(1, 2, 1), 1, 2), Tensors.longs(pool, "length", Shape.SCALAR, 0));
        }
    }

    @Test
    void samplesOfAnEmptyPicture() {
        OnnxModel model = of(
                        4,
                        4,
                        OnnxNode.of("GridSample", List.of("x", "grid"), List.of("y"))
                                .with("padding_mode", "border"))
                .initializer("grid", OnnxTensor.floats(Shape.of(1, 1, 1, 2), 0, 0));
        try (Session session = open(model)) {
            refuses(session, x(Shape.of(1, 1, 0, 1)));
            answers(session, x(Shape.of(1, 1, 1, 1), 7), 7);
        }
    }

    @Test
    void aRecurrenceOverNoRows() {
        OnnxModel model = of(
                        3,
                        4,
                        OnnxNode.of("LSTM", List.of("x", "w", "r"), List.of("y"))
                                .with("hidden_size", 1))
                .initializer("w", OnnxTensor.floats(Shape.of(1, 4, 1), 0, 0, 0, 0))
                .initializer("r", OnnxTensor.floats(Shape.of(1, 4, 1), 0, 0, 0, 0));
        try (Session session = open(model)) {
            refuses(session, x(Shape.of(1, 0, 1)));
            answers(session, x(Shape.of(1, 1, 1), 1), 0);
        }
    }

    @Test
    void theFirstOfNoRows() {
        OnnxModel model = new OnnxModel()
                .opset(20)
                .input("x", DataType.FP32, any(2))
                .input("k", DataType.INT64, DeclaredShape.of(1))
                .output("y", DataType.FP32, any(2))
                .node(OnnxNode.of("TopK", List.of("x", "k"), List.of("y", "places")));
        try (Session session = open(model)) {
            refuses(session, x(Shape.of(0, 2)), Tensors.longs(pool, "k", Shape.of(1), 1));
            try (Answers none = Answers.of(session, x(Shape.of(2, 0)), Tensors.longs(pool, "k", Shape.of(1), 0))) {
                assertThat(none.output("y").shape()).isEqualTo(Shape.of(2, 0));
            }
        }
    }

    @Test
    void aDiagonalBeyondAllNumbers() {
        OnnxModel model = of(2, 2, OnnxNode.of("Trilu", List.of("x", "k"), List.of("y")))
                .input("k", DataType.INT64, new DeclaredShape(true, List.of()));
        try (Session session = open(model);
                Answers answers = Answers.of(
                        session,
                        x(Shape.of(2, 2), 1, 2, 3, 4),
                        Tensors.longs(pool, "k", Shape.SCALAR, Long.MIN_VALUE))) {
            assertThat(Tensors.floats(answers.output("y"))).containsExactly(1, 2, 3, 4);
        }
    }
}
