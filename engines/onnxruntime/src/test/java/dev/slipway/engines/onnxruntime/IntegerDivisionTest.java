package dev.slipway.engines.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The least integer divided by -1, which would end the process if it came to the processor. */
class IntegerDivisionTest {

    private static final long LEAST = Long.MIN_VALUE;
    private static final DeclaredShape ANY = DeclaredShape.of(Dimension.of("n"));
    private static final DeclaredShape SCALAR = new DeclaredShape(true, List.of());

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

    private NamedTensor longs(String name, long... values) {
        return Tensors.longs(pool, name, Shape.of(values.length), values);
    }

    private NamedTensor ints(String name, int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        return Tensors.raw(pool, name, DataType.INT32, Shape.of(values.length), bytes.array());
    }

    private static int[] ints(Answers answers) {
        int[] values = new int[(int) answers.output("y").shape().elements()];
        ByteBuffer.wrap(Tensors.raw(answers.output("y")))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .get(values);
        return values;
    }

    /** y = a / b, or what remains. */
    private static OnnxModel dividing(OnnxNode node, DataType type) {
        return new OnnxModel()
                .input("a", type, ANY)
                .input("b", type, ANY)
                .output("y", type, ANY)
                .node(node);
    }

    private static OnnxNode node(String operator) {
        return OnnxNode.of(operator, List.of("a", "b"), List.of("y"));
    }

    @ParameterizedTest
    @CsvSource({"7", "8", "9", "13", "14", "17"})
    void aQuotientWraps(int opset) {
        try (Session session = open(dividing(node("Div"), DataType.INT64).opset(opset));
                Answers answers =
                        Answers.of(session, longs("a", LEAST, 7, -7, LEAST, LEAST), longs("b", -1, -1, 2, 1, -2))) {
            assertThat(Tensors.longs(answers.output("y"))).containsExactly(LEAST, -7, -3, LEAST, 1L << 62);
        }
        int least = Integer.MIN_VALUE;
        try (Session session = open(dividing(node("Div"), DataType.INT32).opset(opset));
                Answers answers =
                        Answers.of(session, ints("a", least, 7, -7, least, least), ints("b", -1, -1, 2, 1, -2))) {
            assertThat(ints(answers)).containsExactly(least, -7, -3, least, 1 << 30);
        }
    }

    @Test
    void aRemainderIsZero() {
        for (int fmod = 0; fmod < 2; fmod++) {
            try (Session session = open(dividing(node("Mod").with("fmod", fmod), DataType.INT64));
                    Answers answers = Answers.of(session, longs("a", LEAST, 7, -7), longs("b", -1, -1, 2))) {
                assertThat(Tensors.longs(answers.output("y"))).containsExactly(0, 0, fmod == 0 ? 1 : -1);
            }
            try (Session session = open(dividing(node("Mod").with("fmod", fmod), DataType.INT32));
                    Answers answers = Answers.of(session, ints("a", Integer.MIN_VALUE, 7, -7), ints("b", -1, -1, 2))) {
                assertThat(ints(answers)).containsExactly(0, 0, fmod == 0 ? 1 : -1);
            }
        }
    }

    @Test
    void zeroAsADivisorIsAFailureOfTheModel() {
        for (OnnxNode node : List.of(node("Div"), node("Mod"), node("Mod").with("fmod", 1))) {
            try (Session session = open(dividing(node, DataType.INT64))) {
                assertThatThrownBy(() -> Answers.of(session, longs("a", 7, 7), longs("b", 1, 0))
                                .close())
                        .hasMessageContaining("zero");
            }
        }
    }

    @Test
    void oneDivisorServesAllRows() {
        OnnxModel model = new OnnxModel()
                .input("a", DataType.INT64, DeclaredShape.of(Dimension.of("n"), Dimension.of(2)))
                .input("b", DataType.INT64, SCALAR)
                .output("y", DataType.INT64, DeclaredShape.of(Dimension.of("n"), Dimension.of(2)))
                .node("Div", List.of("a", "b"), List.of("y"));
        try (Session session = open(model);
                Answers answers = Answers.of(
                        session,
                        Tensors.longs(pool, "a", Shape.of(2, 2), LEAST, 1, 2, 3),
                        Tensors.longs(pool, "b", Shape.SCALAR, -1))) {
            assertThat(Tensors.longs(answers.output("y"))).containsExactly(LEAST, -1, -2, -3);
        }
    }

    @Test
    void constantsAreDividedWhenTheModelIsLoaded() {
        OnnxModel model = new OnnxModel()
                .input("x", DataType.INT64, ANY)
                .output("y", DataType.INT64, ANY)
                .initializer("a", OnnxTensor.longs(Shape.of(1), LEAST))
                .node(OnnxNode.of("Constant", List.of(), List.of("b")).with("value_int", -1))
                .node("Div", List.of("a", "b"), List.of("c"))
                .node("Add", List.of("x", "c"), List.of("y"));
        try (Session session = open(model);
                Answers answers = Answers.of(session, longs("x", 1, 2))) {
            assertThat(Tensors.longs(answers.output("y"))).containsExactly(LEAST + 1, LEAST + 2);
        }
    }

    @Test
    void aDivisorThatMayBeOverriddenIsNoConstant() {
        OnnxModel model = new OnnxModel()
                .input("a", DataType.INT64, ANY)
                .input("b", DataType.INT64, DeclaredShape.of(1))
                .output("y", DataType.INT64, ANY)
                .initializer("b", OnnxTensor.longs(Shape.of(1), 2))
                .node("Div", List.of("a", "b"), List.of("y"));
        try (Session session = open(model);
                Answers answers = Answers.of(session, longs("a", LEAST), longs("b", -1))) {
            assertThat(Tensors.longs(answers.output("y"))).containsExactly(LEAST);
        }
    }

    @Test
    void typesOfValuesInBetweenAreFound() {
        OnnxModel model = new OnnxModel()
                .input("a", DataType.FP32, ANY)
                .input("b", DataType.FP64, ANY)
                .output("y", DataType.FP32, ANY)
                .node(OnnxNode.of("Cast", List.of("a"), List.of("ai")).with("to", 6))
                .node(OnnxNode.of("Cast", List.of("b"), List.of("bi")).with("to", 6))
                .node("Neg", List.of("bi"), List.of("bn"))
                .node("Div", List.of("ai", "bn"), List.of("q"))
                .node(OnnxNode.of("Cast", List.of("q"), List.of("y")).with("to", 1));
        try (Session session = open(model);
                Answers answers = Answers.of(
                        session,
                        Tensors.floats(pool, "a", Shape.of(1), Integer.MIN_VALUE),
                        Tensors.raw(
                                pool,
                                "b",
                                DataType.FP64,
                                Shape.of(1),
                                ByteBuffer.allocate(8)
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .putDouble(1)
                                        .array()))) {
            assertThat(Tensors.floats(answers.output("y"))).containsExactly(Integer.MIN_VALUE);
        }
    }

    @Test
    void branchesSeeTheValuesAroundThem() {
        OnnxModel then = new OnnxModel()
                .output("t", DataType.INT64, ANY)
                .node("Identity", List.of("b"), List.of("divisor"))
                .node("Mod", List.of("a", "divisor"), List.of("t"));
        OnnxModel otherwise =
                new OnnxModel().output("e", DataType.INT64, ANY).node("Div", List.of("a", "b"), List.of("e"));
        OnnxModel model = new OnnxModel()
                .input("go", DataType.BOOL, SCALAR)
                .input("a", DataType.INT64, ANY)
                .input("b", DataType.INT64, ANY)
                .output("y", DataType.INT64, ANY)
                .node(OnnxNode.of("If", List.of("go"), List.of("y"))
                        .withGraph("then_branch", then)
                        .withGraph("else_branch", otherwise));
        try (Session session = open(model)) {
            for (byte go = 0; go < 2; go++) {
                try (Answers answers = Answers.of(
                        session,
                        Tensors.raw(pool, "go", DataType.BOOL, Shape.SCALAR, go),
                        longs("a", LEAST, 9),
                        longs("b", -1, 4))) {
                    assertThat(Tensors.longs(answers.output("y")))
                            .containsExactly(go == 1 ? new long[] {0, 1} : new long[] {LEAST, 2});
                }
            }
        }
    }

    @Test
    void theBodyOfALoopKnowsTheTypesThatItIsGiven() {
        OnnxModel body = new OnnxModel()
                .input("i", DataType.INT64, SCALAR)
                .input("go", DataType.BOOL, SCALAR)
                .input("before", DataType.INT64, DeclaredShape.ANY)
                .output("on", DataType.BOOL, SCALAR)
                .output("after", DataType.INT64, DeclaredShape.ANY)
                .node("Identity", List.of("go"), List.of("on"))
                .node("Identity", List.of("before"), List.of("same"))
                .node("Div", List.of("same", "b"), List.of("after"));
        OnnxModel model = new OnnxModel()
                .input("a", DataType.INT64, ANY)
                .input("b", DataType.INT64, ANY)
                .output("y", DataType.INT64, ANY)
                .initializer("times", OnnxTensor.longs(Shape.SCALAR, 3))
                .node(OnnxNode.of("Loop", List.of("times", "", "a"), List.of("y"))
                        .withGraph("body", body));
        try (Session session = open(model);
                Answers answers = Answers.of(session, longs("a", LEAST), longs("b", -1))) {
            assertThat(Tensors.longs(answers.output("y"))).containsExactly(LEAST);
        }
    }

    @Test
    void functionsAreGuardedByTheTypesOfTheirCalls() {
        OnnxModel model = new OnnxModel()
                .opset(17)
                .input("a", DataType.INT64, ANY)
                .input("b", DataType.INT64, ANY)
                .output("y", DataType.INT64, ANY)
                .function(
                        "quotient",
                        List.of("p", "q"),
                        List.of("r"),
                        List.of(OnnxNode.of("Div", List.of("p", "q"), List.of("r"))))
                .node(OnnxNode.of("own", "quotient", List.of("a", "b"), List.of("z")))
                .node("Mod", List.of("z", "b"), List.of("y"));
        try (Session session = open(model);
                Answers answers = Answers.of(session, longs("a", LEAST, 7), longs("b", -1, 2))) {
            assertThat(Tensors.longs(answers.output("y"))).containsExactly(0, 1);
        }
    }

    @Test
    void weightsInAFileBesideTheModelAreStillFound() throws IOException {
        ByteBuffer weights = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        weights.asLongBuffer().put(new long[] {100, 200});
        Files.write(folder.resolve("weights.bin"), weights.array());
        OnnxModel model = dividing(OnnxNode.of("Div", List.of("a", "b"), List.of("q")), DataType.INT64)
                .externalInitializer("w", OnnxTensor.longs(Shape.of(2), 100, 200), "weights.bin")
                .node("Add", List.of("q", "w"), List.of("y"));
        try (Session session = open(model);
                Answers answers = Answers.of(session, longs("a", 9, LEAST), longs("b", 3, -1))) {
            assertThat(Tensors.longs(answers.output("y"))).containsExactly(103, LEAST + 200);
        }
    }
}
