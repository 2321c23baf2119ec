package dev.slipway.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import dev.slipway.testing.CountingPool;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a deploy says of files that are no model that can serve; nothing of them stays. */
class BadModelTest {

    private static final DeclaredShape PAIR = DeclaredShape.of(2);
    private static final int OUTPUT = 12;
    private static final int INPUT = 11;
    private static final int INITIALIZER = 5;
    private static final int NODE = 1;

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path folder;

    private Yard yard;

    @BeforeEach
    void open() {
        yard = new Yard(folder, pool);
    }

    @AfterEach
    void close() {
        yard.close();
    }

    /** A file and what the refusal must say of it. */
    record Bad(String what, ByteString content, Class<? extends Failure> failure, List<String> says) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Bad> models() {
        return Stream.of(
                bad(
                        "an initialiser shorter than its shape",
                        whole().initializer("w", floats(3, 1, 2)),
                        "'w'",
                        "12",
                        "8"),
                bad("an initialiser longer than its shape", whole().initializer("w", floats(1, 1, 2)), "'w'", "4", "8"),
                bad("an initialiser without data", raw(graph(INITIALIZER, tensor(2))), "'w'"),
                bad("an initialiser of a negative shape", raw(graph(INITIALIZER, tensor(-3))), "'w'", "-3"),
                bad("an initialiser beyond counting", raw(graph(INITIALIZER, tensor(1L << 40, 1L << 40))), "'w'"),
                bad("an initialiser twice", whole().initializer("f", floats(1, 1)), "'f'", "twice"),
                bad(
                        "no nodes",
                        new OnnxModel().input("x", DataType.FP32, PAIR).output("x", DataType.FP32, PAIR),
                        "no nodes"),
                bad(
                        "no outputs",
                        new OnnxModel().input("x", DataType.FP32, PAIR).node("Neg", List.of("x"), List.of("y")),
                        "no outputs"),
                bad("an output that nothing makes", whole().output("z", DataType.FP32, PAIR), "(z)", "does not exist"),
                bad("an output twice", whole().output("y", DataType.FP32, PAIR), "'y'", "twice"),
                bad("an input twice", whole().input("x", DataType.FP32, PAIR), "'x'", "twice"),
                bad(
                        "a value made twice",
                        whole().node("Neg", List.of("x"), List.of("y")),
                        "(y)",
                        "Duplicate definition"),
                bad(
                        "an input made by a node",
                        whole().node("Neg", List.of("f"), List.of("x")),
                        "(x)",
                        "Duplicate definition"),
                bad("a node of what nobody makes", whole().node("Neg", List.of("q"), List.of("z")), "'q'"),
                bad(
                        "a circle",
                        whole().node("Neg", List.of("b"), List.of("a")).node("Neg", List.of("a"), List.of("b")),
                        "acyclic"),
                bad("an input of -5", raw(graph(INPUT, value("d", -5))), "'d'", "-5"),
                bad("an output of -5", raw(graph(OUTPUT, value("y2", -5))), "'y2'", "-5"),
                bad("an input beyond counting", raw(graph(INPUT, value("d", 1L << 40, 1L << 40))), "'d'"),
                bad("no operator set", raw(graph(0, null), -1, 8), "operator set"),
                bad("an operator set of 0", whole().opset(0), "operator set"),
                bad("no IR version", whole().irVersion(0), "IR version"),
                beyond(
                        "no operator of this name",
                        whole().node("Frobnicate", List.of("x"), List.of("z")),
                        "Frobnicate"),
                bad(
                        "types that do not fit",
                        whole().initializer("l", OnnxTensor.longs(Shape.of(1), 1))
                                .node("Add", List.of("x", "l"), List.of("z")),
                        "tensor(int64)"),
                beyond("a newer operator set", whole().opset(99), "99"),
                beyond("a newer IR version", whole().irVersion(99), "99"));
    }

    static Stream<Bad> constantsThatDoNotFit() {
        return Stream.of(bad(
                "constants of shapes that cannot be added",
                whole().initializer("a", floats(2, 1, 2))
                        .initializer("b", floats(3, 1, 2, 3))
                        .node("Add", List.of("a", "b"), List.of("c"))
                        .node("Mul", List.of("c", "x"), List.of("z"))
                        .output("z", DataType.FP32, PAIR),
                "Add"));
    }

    @ParameterizedTest
    @MethodSource({"models", "constantsThatDoNotFit"})
    void models(Bad bad) throws IOException {
        Path file = Files.write(folder.resolve("times.onnx"), bad.content().toByteArray());

        FailureException refused = catchThrowableOfType(FailureException.class, () -> yard.deploy(file));

        assertThat(refused).as("a refusal").isNotNull();
        assertThat(refused.failure()).isInstanceOf(bad.failure());
        assertThat(refused.failure().detail()).contains("times.onnx").contains(bad.says());
        assertThat(yard.deployments.models()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "weights/../../secret.bin, must not leave",
        "/etc/passwd, must be relative",
        "link.bin, symbolic link",
        "short.bin, 'has 4 bytes, 8 from offset 0 are needed'",
        "absent.bin, is missing",
    })
    void weightsElsewhere(String location, String why) throws IOException {
        Path model = Files.createDirectories(folder.resolve("times"));
        Files.write(folder.resolve("secret.bin"), new byte[8]);
        Files.createSymbolicLink(model.resolve("link.bin"), folder.resolve("secret.bin"));
        Files.write(model.resolve("short.bin"), new byte[4]);
        whole().externalInitializer("w", floats(2, 1, 2), location).write(model.resolve("times.onnx"));

        FailureException refused = catchThrowableOfType(FailureException.class, () -> yard.deploy(model));

        assertThat(refused).as("a refusal").isNotNull();
        assertThat(refused.failure()).isInstanceOf(Failure.BadInput.class);
        assertThat(refused.failure().detail()).contains("'w'", location, why);
        assertThat(yard.deployments.models()).isEmpty();
    }

    private static Bad bad(String what, OnnxModel model, String... says) {
        return new Bad(what, ByteString.copyFrom(model.toBytes()), Failure.BadInput.class, List.of(says));
    }

    private static Bad bad(String what, byte[] model, String... says) {
        return new Bad(what, ByteString.copyFrom(model), Failure.BadInput.class, List.of(says));
    }

    /** A model that another runtime could serve. */
    private static Bad beyond(String what, OnnxModel model, String... says) {
        return new Bad(what, ByteString.copyFrom(model.toBytes()), Failure.Unsupported.class, List.of(says));
    }

    /** A model that can serve. */
    private static OnnxModel whole() {
        return new OnnxModel()
                .input("x", DataType.FP32, PAIR)
                .output("y", DataType.FP32, PAIR)
                .initializer("f", floats(1, 2))
                .node("Mul", List.of("x", "f"), List.of("y"));
    }

    private static OnnxTensor floats(long size, float... values) {
        return OnnxTensor.floats(Shape.of(size), values);
    }

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] raw(byte[] graph) {
        return raw(graph, 17, 8);
    }

    private static byte[] raw(byte[] graph, long opset, long irVersion) {
        return message(out -> {
            out.writeInt64(1, irVersion);
            out.writeByteArray(7, graph);
            if (opset >= 0) {
                out.writeByteArray(8, message(set -> set.writeInt64(2, opset)));
            }
        });
    }

    /** y = -x, with one more field. */
    private static byte[] graph(int field, byte[] more) {
        return message(out -> {
            out.writeByteArray(NODE, message(node -> {
                node.writeString(1, "x");
                node.writeString(2, "y");
                node.writeString(4, "Neg");
            }));
            out.writeString(2, "graph");
            out.writeByteArray(INPUT, value("x", 2));
            out.writeByteArray(OUTPUT, value("y", 2));
            if (more != null) {
                out.writeByteArray(field, more);
            }
        });
    }

    private static byte[] value(String name, long... dims) {
        byte[] shape = message(out -> {
            for (long dim : dims) {
                out.writeByteArray(1, message(one -> one.writeInt64(1, dim)));
            }
        });
        byte[] tensor = message(out -> {
            out.writeInt32(1, 1);
            out.writeByteArray(2, shape);
        });
        return message(out -> {
            out.writeString(1, name);
            out.writeByteArray(2, message(type -> type.writeByteArray(1, tensor)));
        });
    }

    private static byte[] tensor(long... dims) {
        return message(out -> {
            for (long dim : dims) {
                out.writeInt64(1, dim);
            }
            out.writeInt32(2, 1);
            out.writeString(8, "w");
        });
    }
}
