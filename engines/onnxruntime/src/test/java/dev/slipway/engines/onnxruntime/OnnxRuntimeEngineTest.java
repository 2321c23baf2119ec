package dev.slipway.engines.onnxruntime;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataSize;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Settings;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorSpec;
import dev.slipway.core.spi.EngineProvider;
import dev.slipway.core.spi.Session;
import dev.slipway.testing.Answers;
import dev.slipway.testing.EngineKit;
import dev.slipway.testing.Tensors;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxNode;
import dev.slipway.testing.onnx.OnnxTensor;
import dev.slipway.testing.onnx.OnnxType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxRuntimeEngineTest extends EngineKit {

    private static final DeclaredShape ROWS = DeclaredShape.of(Dimension.of("n"), Dimension.of(2));
    private static final DeclaredShape SCALAR = new DeclaredShape(true, List.of());

    @Override
    protected EngineProvider provider() {
        return new OnnxRuntimeProvider();
    }

    @Override
    protected Path identity(Path folder) {
        return new OnnxModel()
                .input("x", DataType.FP32, ROWS)
                .output("y", DataType.FP32, ROWS)
                .node("Identity", List.of("x"), List.of("y"))
                .write(folder.resolve("identity.onnx"));
    }

    @Override
    protected Path endless(Path folder) {
        OnnxModel body = new OnnxModel()
                .input("i", DataType.INT64, SCALAR)
                .input("go", DataType.BOOL, SCALAR)
                .input("before", DataType.FP32, DeclaredShape.ANY)
                .output("on", DataType.BOOL, SCALAR)
                .output("after", DataType.FP32, DeclaredShape.ANY)
                .node("Identity", List.of("go"), List.of("on"))
                .node("Sin", List.of("before"), List.of("after"));
        return new OnnxModel()
                .input("x", DataType.FP32, ROWS)
                .output("y", DataType.FP32, ROWS)
                .initializer("times", OnnxTensor.longs(Shape.SCALAR, Long.MAX_VALUE))
                .node(OnnxNode.of("Loop", List.of("times", "", "x"), List.of("y"))
                        .withGraph("body", body))
                .write(folder.resolve("endless.onnx"));
    }

    private Path write(OnnxModel model) {
        return model.write(folder.resolve("model.onnx"));
    }

    @ParameterizedTest
    @EnumSource(value = DataType.class, mode = EnumSource.Mode.EXCLUDE, names = "BYTES")
    void everyTypeOfFixedSizePassesUnchanged(DataType type) {
        Path model = write(new OnnxModel()
                .input("x", type, DeclaredShape.of(Dimension.of("n")))
                .output("bound", type, DeclaredShape.of(Dimension.of("n")))
                .output("unbound", type, DeclaredShape.of(Dimension.of("m")))
                .node("Identity", List.of("x"), List.of("bound"))
                .node(OnnxNode.of("Concat", List.of("x", "x"), List.of("unbound"))
                        .with("axis", 0)));
        byte[] bytes = new byte[3 * type.bytes()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (type == DataType.BOOL ? i & 1 : i + 1);
        }
        byte[] twice = Arrays.copyOf(bytes, 2 * bytes.length);
        System.arraycopy(bytes, 0, twice, bytes.length, bytes.length);
        try (Session session = open(model);
                Answers answers = Answers.of(session, Tensors.raw(pool, "x", type, Shape.of(3), bytes))) {
            assertThat(answers.output("bound").dataType()).isEqualTo(type);
            assertThat(Tensors.raw(answers.output("bound"))).isEqualTo(bytes);
            assertThat(answers.output("unbound").shape()).isEqualTo(Shape.of(6));
            assertThat(Tensors.raw(answers.output("unbound"))).isEqualTo(twice);
        }
    }

    @Test
    void stringsPassUnchangedWithZeroBytesAndEmptyOnes() {
        Path model = write(new OnnxModel()
                .input("x", DataType.BYTES, DeclaredShape.of(Dimension.of("n"), Dimension.of("m")))
                .output("y", DataType.BYTES, DeclaredShape.of(Dimension.of("n"), Dimension.of("m")))
                .node("Identity", List.of("x"), List.of("y")));
        try (Session session = open(model)) {
            String[] texts = {"a\0b", "", "größer", "x".repeat(70_000), "\0", "z"};
            try (Answers answers = Answers.of(session, Tensors.strings(pool, "x", Shape.of(2, 3), texts))) {
                assertThat(answers.output("y").shape()).isEqualTo(Shape.of(2, 3));
                assertThat(answers.output("y").strings()).containsExactly(texts);
            }
            try (Answers answers = Answers.of(session, Tensors.strings(pool, "x", Shape.of(1, 2), "", ""))) {
                assertThat(answers.output("y").strings()).containsExactly("", "");
            }
            try (Answers answers = Answers.of(session, Tensors.strings(pool, "x", Shape.of(0, 3)))) {
                assertThat(answers.output("y").shape()).isEqualTo(Shape.of(0, 3));
            }
        }
    }

    @Test
    void bytesThatAreNotTextPassUnchanged() {
        Path model = write(new OnnxModel()
                .input("x", DataType.BYTES, DeclaredShape.of(1))
                .output("y", DataType.BYTES, DeclaredShape.of(1))
                .node("Identity", List.of("x"), List.of("y")));
        byte[] raw = {(byte) 0xff, 0, (byte) 0xc3, 0x28};
        try (Session session = open(model);
                Answers answers =
                        Answers.of(session, new NamedTensor("x", pool.copyOfBytes(Shape.of(1), List.of(raw))))) {
            assertThat(answers.output("y").element(0).toArray(JAVA_BYTE)).isEqualTo(raw);
        }
    }

    @Test
    void aSessionHoldsItsWeightsAndWhatRunsHaveTaken() {
        int width = 1500;
        long weights = 4L * width * width;
        Path model = write(new OnnxModel()
                .input("x", DataType.FP32, DeclaredShape.of(Dimension.of("n"), Dimension.of(width)))
                .output("z", DataType.FP32, DeclaredShape.of(Dimension.of("n"), Dimension.of(width)))
                .initializer("w", OnnxTensor.raw(DataType.FP32, Shape.of(width, width), new byte[(int) weights]))
                .node("MatMul", List.of("x", "w"), List.of("y"))
                .node("MatMul", List.of("y", "w"), List.of("z")));
        try (Session session = open(model)) {
            long opened = session.memory();
            assertThat(opened).isBetween(weights, 3 * weights);
            try (Answers answers = Answers.of(session, Tensors.floats(pool, "x", Shape.of(1000, width)))) {
                assertThat(answers.output("z").shape()).isEqualTo(Shape.of(1000, width));
                assertThat(session.memory()).isGreaterThanOrEqualTo(opened + 4L * 1000 * width);
            }
        }
    }

    @Test
    void scalarsAndModelsWithoutInputsRun() {
        Path model = write(new OnnxModel()
                .output("y", DataType.FP32, SCALAR)
                .node(OnnxNode.of("Constant", List.of(), List.of("y"))
                        .withTensor("value", OnnxTensor.floats(Shape.SCALAR, 42))));
        try (Session session = open(model);
                Answers answers = Answers.of(session)) {
            assertThat(answers.output("y").shape()).isEqualTo(Shape.SCALAR);
            assertThat(Tensors.floats(answers.output("y"))).containsExactly(42);
        }
    }

    @Test
    void anInitializerThatMayBeOverriddenIsAnOptionalInput() {
        Path model = write(new OnnxModel()
                .input("x", DataType.FP32, DeclaredShape.of(2))
                .input("w", DataType.FP32, DeclaredShape.of(2))
                .initializer("w", OnnxTensor.floats(Shape.of(2), 10, 20))
                .output("y", DataType.FP32, DeclaredShape.of(2))
                .node("Add", List.of("x", "w"), List.of("y")));
        try (Session session = open(model)) {
            assertThat(session.signature().inputs())
                    .containsExactly(
                            new TensorSpec("x", DataType.FP32, DeclaredShape.of(2)),
                            new TensorSpec("w", DataType.FP32, DeclaredShape.of(2), true));
            NamedTensor x = Tensors.floats(pool, "x", Shape.of(2), 1, 2);
            try (Answers answers = Answers.of(session, x)) {
                assertThat(Tensors.floats(answers.output("y"))).containsExactly(11, 22);
            }
            NamedTensor again = Tensors.floats(pool, "x", Shape.of(2), 1, 2);
            try (Answers answers = Answers.of(session, Tensors.floats(pool, "w", Shape.of(2), 5, 5), again)) {
                assertThat(Tensors.floats(answers.output("y"))).containsExactly(6, 7);
            }
        }
    }

    @Test
    void onlyTheOutputsAskedForComeInTheirOrder() {
        Path model = write(new OnnxModel()
                .input("x", DataType.FP32, ROWS)
                .output("a", DataType.FP32, ROWS)
                .output("b", DataType.FP32, ROWS)
                .output("c", DataType.FP32, ROWS)
                .node("Neg", List.of("x"), List.of("a"))
                .node("Abs", List.of("x"), List.of("b"))
                .node("Identity", List.of("x"), List.of("c")));
        try (Session session = open(model)) {
            try (Answers answers = Answers.of(session, List.of("c", "a"), new Cancellation(), x(1, -1, 2))) {
                assertThat(answers.outputs()).extracting(NamedTensor::name).containsExactly("c", "a");
                assertThat(Tensors.floats(answers.output("a"))).containsExactly(1, -2);
            }
            try (Answers answers = Answers.of(session, List.of(), new Cancellation(), x(1, -1, 2))) {
                assertThat(answers.outputs()).isEmpty();
            }
            assertFails(
                    () -> Answers.of(session, List.of("a", "a"), new Cancellation(), x(1, 1, 2)),
                    Failure.BadInput.class,
                    "'a'",
                    "twice");
        }
    }

    @Test
    void anOutputWhoseDeclaredShapeIsWrongComesAllTheSame() {
        Path model = write(new OnnxModel()
                .input("x", DataType.FP32, DeclaredShape.of(Dimension.of("n")))
                .output("y", DataType.FP32, DeclaredShape.of(Dimension.of("n")))
                .output("z", DataType.FP32, DeclaredShape.of(Dimension.of("n")))
                .node(OnnxNode.of("Concat", List.of("x", "x"), List.of("y")).with("axis", 0))
                .node("Neg", List.of("x"), List.of("z")));
        try (Session session = open(model)) {
            for (int i = 0; i < 3; i++) {
                NamedTensor x = Tensors.floats(pool, "x", Shape.of(2), 1, 2);
                try (Answers answers = Answers.of(session, x)) {
                    assertThat(Tensors.floats(answers.output("y"))).containsExactly(1, 2, 1, 2);
                    assertThat(Tensors.floats(answers.output("z"))).containsExactly(-1, -2);
                }
            }
        }
    }

    @Test
    void anInputPassedThroughIsCopied() {
        Path model = write(new OnnxModel()
                .input("x", DataType.FP32, DeclaredShape.ANY)
                .output("x", DataType.FP32, DeclaredShape.ANY));
        NamedTensor x = Tensors.floats(pool, "x", Shape.of(2), 1, 2);
        long address = x.tensor().data().address();
        try (Session session = open(model);
                Answers answers = Answers.of(session, x)) {
            assertThat(Tensors.floats(answers.output("x"))).containsExactly(1, 2);
            assertThat(answers.output("x").data().address()).isNotEqualTo(address);
        }
    }

    @Test
    void inputsThatDisagreeOnANameRunWhereTheModelCan() {
        Path model = write(new OnnxModel()
                .input("a", DataType.FP32, DeclaredShape.of(Dimension.of("n")))
                .input("b", DataType.FP32, DeclaredShape.of(Dimension.of("n")))
                .output("y", DataType.FP32, DeclaredShape.of(Dimension.of("n")))
                .node("Add", List.of("a", "b"), List.of("y")));
        try (Session session = open(model)) {
            try (Answers answers = Answers.of(
                    session,
                    Tensors.floats(pool, "a", Shape.of(1), 1),
                    Tensors.floats(pool, "b", Shape.of(3), 1, 2, 3))) {
                assertThat(Tensors.floats(answers.output("y"))).containsExactly(2, 3, 4);
            }
            assertFails(
                    () -> Answers.of(
                            session,
                            Tensors.floats(pool, "a", Shape.of(2), 1, 1),
                            Tensors.floats(pool, "b", Shape.of(3), 1, 2, 3)),
                    Failure.ModelFailed.class,
                    "Add");
        }
    }

    @Test
    void aSequenceOfMapsIsItsValuesAndItsKeys() {
        Path model = write(zipMap("classlabels_int64s"));
        try (Session session = open(model)) {
            assertThat(session.signature().outputs())
                    .extracting(TensorSpec::toString)
                    .containsExactly("y: FP32[?,y.keys]", "y.keys: INT64[y.keys]");
            try (Answers answers = Answers.of(session, x(3, 1, 2, 3, 4, 5, 6))) {
                assertThat(answers.output("y").shape()).isEqualTo(Shape.of(3, 2));
                assertThat(Tensors.longs(answers.output("y.keys"))).containsExactly(3, 7);
                assertThat(Tensors.floats(answers.output("y"))).containsExactly(2, 1, 4, 3, 6, 5);
            }
            try (Answers answers = Answers.of(session, List.of("y.keys"), new Cancellation(), x(1, 1, 2))) {
                assertThat(Tensors.longs(answers.output("y.keys"))).containsExactly(3, 7);
            }
        }
    }

    @Test
    void keysMayBeStrings() {
        Path model = write(zipMap("classlabels_strings"));
        try (Session session = open(model);
                Answers answers = Answers.of(session, x(1, 1, 2))) {
            assertThat(answers.output("y.keys").strings()).containsExactly("cat", "dog");
            assertThat(Tensors.floats(answers.output("y"))).containsExactly(2, 1);
        }
    }

    private static OnnxModel zipMap(String labels) {
        boolean strings = labels.endsWith("strings");
        OnnxNode node = OnnxNode.of("ai.onnx.ml", "ZipMap", List.of("x"), List.of("y"));
        OnnxType value = OnnxType.tensor(DataType.FP32, DeclaredShape.ANY);
        return new OnnxModel()
                .input("x", DataType.FP32, ROWS)
                .output("y", new OnnxType.SequenceType(new OnnxType.MapType(strings ? 8 : 7, value)))
                .node(
                        strings
                                ? node.withStrings(labels, List.of("dog", "cat"))
                                : node.withInts(labels, List.of(7L, 3L)));
    }

    @Test
    void aSequenceOfTensorsOfOneShapeIsStacked() {
        Path model = write(new OnnxModel()
                .input("x", DataType.FP32, ROWS)
                .output("y", new OnnxType.SequenceType(OnnxType.tensor(DataType.FP32, DeclaredShape.of(-1L, 2L))))
                .node(OnnxNode.of("SplitToSequence", List.of("x"), List.of("y")).with("axis", 0)));
        try (Session session = open(model);
                Answers answers = Answers.of(session, x(2, 1, 2, 3, 4))) {
            assertThat(session.signature().outputs()).hasToString("[y: FP32[?,?,2]]");
            assertThat(answers.output("y").shape()).isEqualTo(Shape.of(2, 1, 2));
            assertThat(Tensors.floats(answers.output("y"))).containsExactly(1, 2, 3, 4);
        }
    }

    @Test
    void aSequenceOfTensorsOfDifferentShapesIsRefused() {
        Path model = write(new OnnxModel()
                .input("x", DataType.FP32, ROWS)
                .output("y", new OnnxType.SequenceType(OnnxType.tensor(DataType.FP32, DeclaredShape.ANY)))
                .initializer("split", OnnxTensor.longs(Shape.of(2), 1, 2))
                .node(OnnxNode.of("SplitToSequence", List.of("x", "split"), List.of("y"))
                        .with("axis", 0)));
        try (Session session = open(model)) {
            assertFails(
                    () -> Answers.of(session, x(3, 1, 2, 3, 4, 5, 6)),
                    Failure.Unsupported.class,
                    "'y'",
                    "[1,2]",
                    "[2,2]");
        }
    }

    @Test
    void valuesThatCannotBeCarriedAreRefusedByName() {
        DeclaredShape two = DeclaredShape.of(2);
        OnnxType floats = OnnxType.tensor(DataType.FP32, two);
        assertFails(
                () -> open(write(new OnnxModel()
                        .input("s", new OnnxType.SequenceType(floats))
                        .output("y", DataType.INT64, SCALAR)
                        .node("SequenceLength", List.of("s"), List.of("y")))),
                Failure.Unsupported.class,
                "input 's'",
                "sequence");
        assertFails(
                () -> open(write(new OnnxModel()
                        .input("o", new OnnxType.OptionalType(floats))
                        .output("y", DataType.BOOL, SCALAR)
                        .node("OptionalHasElement", List.of("o"), List.of("y")))),
                Failure.Unsupported.class,
                "input 'o'",
                "optional");
        assertFails(
                () -> open(write(new OnnxModel()
                        .opset(21)
                        .input("q", new OnnxType.TensorType(22, two))
                        .initializer("scale", OnnxTensor.floats(Shape.SCALAR, 2))
                        .output("y", DataType.FP32, two)
                        .node("DequantizeLinear", List.of("q", "scale"), List.of("y")))),
                Failure.Unsupported.class,
                "input 'q'",
                "int4");
        assertFails(
                () -> open(write(new OnnxModel()
                        .opset(19)
                        .input("x", DataType.FP32, two)
                        .output("f", new OnnxType.TensorType(17, two))
                        .node(OnnxNode.of("Cast", List.of("x"), List.of("f")).with("to", 17)))),
                Failure.Unsupported.class,
                "output 'f'",
                "float8e4m3fn");
    }

    @Test
    void aModelCutShortIsRefused() throws IOException {
        Path model = identity(folder);
        byte[] whole = Files.readAllBytes(model);
        Path cut = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(whole, whole.length - 20));
        assertFails(() -> open(cut), Failure.BadInput.class, "cut.onnx");
        assertFails(
                () -> open(Files.write(folder.resolve("empty.onnx"), new byte[0])),
                Failure.BadInput.class,
                "empty.onnx");
    }

    @Test
    void anUnknownOperatorIsNamed() {
        assertFails(
                () -> open(write(new OnnxModel()
                        .input("x", DataType.FP32, ROWS)
                        .output("y", DataType.FP32, ROWS)
                        .node("Frobnicate", List.of("x"), List.of("y")))),
                Failure.Unsupported.class,
                "Frobnicate",
                "model.onnx");
        assertFails(
                () -> open(write(new OnnxModel()
                        .input("x", DataType.BF16, ROWS)
                        .output("y", DataType.BF16, ROWS)
                        .node("Exp", List.of("x"), List.of("y")))),
                Failure.Unsupported.class,
                "Exp");
    }

    @Test
    void aFailureOfTheModelIsToldWithoutPaths() {
        Path model = write(new OnnxModel()
                .input("x", DataType.FP32, ROWS)
                .input("i", DataType.INT64, DeclaredShape.of(1))
                .output("y", DataType.FP32, DeclaredShape.of(1, 2))
                .node("Gather", List.of("x", "i"), List.of("y")));
        try (Session session = open(model)) {
            assertFails(
                    () -> Answers.of(session, x(1, 1, 2), Tensors.longs(pool, "i", Shape.of(1), 9)),
                    Failure.ModelFailed.class,
                    "Gather",
                    "out of data bounds");
            assertThat(catchThrowable(() -> Answers.of(session, x(1, 1, 2), Tensors.longs(pool, "i", Shape.of(1), 9))))
                    .message()
                    .doesNotContain("/onnxruntime");
        }
    }

    @Test
    void weightsInAFileBesideTheModelAreFound() throws IOException {
        ByteBuffer weights = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        weights.asFloatBuffer().put(new float[] {100, 200});
        Files.write(folder.resolve("weights.bin"), weights.array());
        Path model = write(new OnnxModel()
                .input("x", DataType.FP32, ROWS)
                .output("y", DataType.FP32, ROWS)
                .externalInitializer("w", OnnxTensor.floats(Shape.of(2), 100, 200), "weights.bin")
                .node("Add", List.of("x", "w"), List.of("y")));
        try (Session session = open(model);
                Answers answers = Answers.of(session, x(1, 1, 2))) {
            assertThat(Tensors.floats(answers.output("y"))).containsExactly(101, 202);
        }
    }

    /** A model that makes as many zeros as it is asked for. */
    private Path zeros() {
        return write(new OnnxModel()
                .input("n", DataType.INT64, DeclaredShape.of(1))
                .output("y", DataType.FP32, DeclaredShape.of(Dimension.UNKNOWN))
                .node("ConstantOfShape", List.of("n"), List.of("y")));
    }

    @Test
    void aRunBeyondTheMemoryLimitFailsAndTheProcessDoesNotGrow() throws IOException {
        try (Session session = engine().open(zeros(), withMemory(64), new Cancellation())) {
            long before = residentBytes();
            for (long bytes : new long[] {4L << 30, 1L << 40, 100L << 20}) {
                NamedTensor n = Tensors.longs(pool, "n", Shape.of(1), bytes / 4);
                assertFails(
                        () -> Answers.of(session, n), Failure.ModelFailed.class, "memory_limit of 64MiB", "requested");
            }
            assertThat(residentBytes() - before).isLessThan(64 << 20);
        }
    }

    @Test
    void answersThatNobodyHasTakenYetAreNoFaultOfTheNextRun() {
        try (Session session = engine().open(zeros(), withMemory(64), new Cancellation())) {
            try (Answers _ = Answers.of(session, Tensors.longs(pool, "n", Shape.of(1), 10 << 20))) {
                NamedTensor n = Tensors.longs(pool, "n", Shape.of(1), 10 << 20);
                assertFails(
                        () -> Answers.of(session, n),
                        Failure.Overloaded.class,
                        "not taken yet (1)",
                        "memory_limit of 64MiB");
            }
            Answers.of(session, Tensors.longs(pool, "n", Shape.of(1), 10 << 20)).close();
        }
    }

    @Test
    void constantsThatASmallFileBlowsUpAreNotComputedWhenItIsLoaded() throws IOException {
        Path model = write(new OnnxModel()
                .input("x", DataType.FP32, DeclaredShape.of(1))
                .output("y", DataType.FP32, DeclaredShape.of(Dimension.UNKNOWN))
                .initializer("n", OnnxTensor.longs(Shape.of(1), 225L << 20))
                .node("ConstantOfShape", List.of("n"), List.of("zeros"))
                .node("Exp", List.of("zeros"), List.of("ones"))
                .node("Add", List.of("x", "ones"), List.of("y")));
        long before = residentBytes();
        try (Session session = engine().open(model, withMemory(64), new Cancellation())) {
            assertThat(residentBytes() - before).isLessThan(128 << 20);
            assertFails(
                    () -> Answers.of(session, Tensors.floats(pool, "x", Shape.of(1), 1)),
                    Failure.ModelFailed.class,
                    "memory_limit of 64MiB");
        }
    }

    @Test
    void memoryThatOneRunGaveBackServesAnotherOfAnotherSize() {
        try (Session session = engine().open(zeros(), withMemory(64), new Cancellation())) {
            for (long mebibytes : new long[] {40, 50, 10, 60, 30}) {
                NamedTensor n = Tensors.longs(pool, "n", Shape.of(1), mebibytes << 18);
                try (Answers answers = Answers.of(session, n)) {
                    assertThat(answers.output("y").shape()).isEqualTo(Shape.of(mebibytes << 18));
                }
            }
        }
    }

    static Settings withMemory(long mebibytes) {
        return new Settings(
                Settings.DEFAULT.batching(),
                Settings.DEFAULT.queue(),
                0,
                0,
                Settings.Optimization.ALL,
                DataSize.ofMebibytes(mebibytes),
                Settings.DEFAULT.timeout(),
                false);
    }

    static long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
