package dev.slipway.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Manifest;
import dev.slipway.core.ModelName;
import dev.slipway.core.Settings;
import dev.slipway.core.Shape;
import dev.slipway.core.Signature;
import dev.slipway.core.Task;
import dev.slipway.core.TensorSpec;
import dev.slipway.core.spi.EngineProvider;
import dev.slipway.testing.CountingPool;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxNode;
import dev.slipway.testing.onnx.OnnxTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Real models from x to y, both FP32[batch,4] or FP32[batch,width], and whether their rows are run together. */
@Timeout(120)
class RowMixingModelsTest {

    private static final DeclaredShape FOUR = DeclaredShape.of(Dimension.of("batch"), Dimension.of(4));
    private static final DeclaredShape OPEN = DeclaredShape.of(Dimension.of("batch"), Dimension.of("width"));

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path folder;

    private LocalModelServer server;

    @BeforeEach
    void start() {
        List<EngineProvider> engines = ServiceLoader.load(EngineProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        server = new LocalModelServer(
                ServingFixture.config(),
                engines,
                pool,
                ServingObserver.NONE,
                EventLoops.NONE,
                new FakeTimer(),
                () -> 0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Batchability probed(UnaryOperator<OnnxModel> nodes, DeclaredShape shape) {
        nodes.apply(new OnnxModel()
                        .opset(17)
                        .input("x", DataType.FP32, shape)
                        .output("y", DataType.FP32, shape)
                        .initializer("zero", longs(0))
                        .initializer("one", longs(1)))
                .write(folder.resolve("model.onnx"));
        Signature signature = new Signature(
                List.of(new TensorSpec("x", DataType.FP32, shape)), List.of(new TensorSpec("y", DataType.FP32, shape)));
        Manifest manifest = Manifest.bare("onnx", "model.onnx", Task.TENSORS, signature);
        return server.load(new VersionSource(ModelName.of("m"), 1, folder, manifest, Settings.DEFAULT))
                .probe(List.of());
    }

    private static OnnxTensor longs(long... values) {
        return OnnxTensor.longs(Shape.of(values.length), values);
    }

    private static OnnxNode node(String operator, String input, String output) {
        return OnnxNode.of(operator, List.of(input), List.of(output));
    }

    private static Named<UnaryOperator<OnnxModel>> model(String name, UnaryOperator<OnnxModel> nodes) {
        return Named.of(name, nodes);
    }

    private static Arguments mixing(String name, String reason, UnaryOperator<OnnxModel> nodes) {
        return Arguments.of(model(name, nodes), reason);
    }

    static Stream<Arguments> mixing() {
        return Stream.of(
                mixing(
                        "softmax over the batch",
                        "Softmax 'y': normalises over axis 0",
                        model -> model.node(node("Softmax", "x", "y").with("axis", 0))),
                mixing(
                        "the mean taken off",
                        "ReduceMean 'mean': reduces over axis 0",
                        model -> model.node(node("ReduceMean", "x", "mean").withInts("axes", List.of(0L)))
                                .node("Sub", List.of("x", "mean"), List.of("y"))),
                mixing(
                        "a running sum over the batch",
                        "CumSum 'y': adds up over axis 0",
                        model -> model.node("CumSum", List.of("x", "zero"), List.of("y"))),
                mixing(
                        "the batch's own statistics",
                        "BatchNormalization 'y': normalises by the batch's own mean",
                        model -> model.initializer("ones", OnnxTensor.floats(Shape.of(4), 1, 1, 1, 1))
                                .initializer("zeros", OnnxTensor.floats(Shape.of(4), 0, 0, 0, 0))
                                .node(OnnxNode.of(
                                                "BatchNormalization",
                                                List.of("x", "ones", "zeros", "zeros", "ones"),
                                                List.of("y", "mean", "variance"))
                                        .with("training_mode", 1))),
                mixing(
                        "the largest of the batch, when it is large",
                        "ReduceMax 'most': reduces over axis 0",
                        model -> model.node(node("ReduceMax", "x", "most").withInts("axes", List.of(0L)))
                                .initializer("far", OnnxTensor.floats(Shape.of(1), -1e35f))
                                .node("Add", List.of("most", "far"), List.of("beyond"))
                                .node("Relu", List.of("beyond"), List.of("more"))
                                .node("Add", List.of("x", "more"), List.of("y"))),
                mixing(
                        "the best of the batch",
                        "TopK 'best': sorts over axis 0",
                        model -> model.node(OnnxNode.of("TopK", List.of("x", "one"), List.of("best", "at"))
                                        .with("axis", 0))
                                .node("Add", List.of("x", "best"), List.of("y"))),
                mixing(
                        "attention over the batch",
                        "MatMul 'scores': sets the rows against each other",
                        model -> model.node("Transpose", List.of("x"), List.of("t"))
                                .node("MatMul", List.of("x", "t"), List.of("scores"))
                                .node(node("Softmax", "scores", "weights").with("axis", -1))
                                .node("MatMul", List.of("weights", "x"), List.of("y"))),
                mixing(
                        "a batch folded into one row",
                        "Softmax 's': normalises over axis 1",
                        model -> model.initializer("flat", longs(1, -1))
                                .initializer("rows", longs(-1, 4))
                                .node("Reshape", List.of("x", "flat"), List.of("f"))
                                .node(node("Softmax", "f", "s").with("axis", -1))
                                .node("Reshape", List.of("s", "rows"), List.of("y"))),
                mixing(
                        "the size of the batch",
                        "Div 'y': computes with the number of rows",
                        model -> model.node(node("Shape", "x", "shape").with("end", 1))
                                .node(node("Cast", "shape", "rows").with("to", 1))
                                .node("Div", List.of("x", "rows"), List.of("y"))),
                mixing(
                        "the row before",
                        "Slice 'others': cuts along axis 0",
                        model -> model.initializer("last", longs(-1))
                                .node("Slice", List.of("x", "zero", "last", "zero"), List.of("others"))
                                .node("Slice", List.of("x", "zero", "one", "zero"), List.of("first"))
                                .node(OnnxNode.of("Concat", List.of("first", "others"), List.of("shifted"))
                                        .with("axis", 0))
                                .node("Sub", List.of("x", "shifted"), List.of("y"))),
                mixing(
                        "the first row, when it is large",
                        "Gather 'first': takes single places along axis 0",
                        model -> model.node(OnnxNode.of("Gather", List.of("x", "zero"), List.of("first"))
                                        .with("axis", 0))
                                .initializer("far", OnnxTensor.floats(Shape.of(1), -1000))
                                .node("Add", List.of("first", "far"), List.of("beyond"))
                                .node("Relu", List.of("beyond"), List.of("more"))
                                .node("Add", List.of("x", "more"), List.of("y"))),
                mixing(
                        "how many values of the batch are large together",
                        "MatMul 'shared': sets the rows against each other",
                        model -> model.initializer("large", OnnxTensor.floats(Shape.of(1), 1000))
                                .node("Greater", List.of("x", "large"), List.of("is"))
                                .node(node("Cast", "is", "ones").with("to", 1))
                                .node("Transpose", List.of("ones"), List.of("t"))
                                .node("MatMul", List.of("ones", "t"), List.of("shared"))
                                .node("ReduceSum", List.of("shared", "one"), List.of("sum"))
                                .node("Add", List.of("x", "sum"), List.of("y"))),
                mixing(
                        "boxes that suppress each other",
                        "NonMaxSuppression 'kept': returns boxes of all rows in one list",
                        model -> model.initializer("lists", longs(1, -1, 4))
                                .initializer("scored", longs(1, 1, -1))
                                .initializer("many", longs(100))
                                .initializer("overlap", OnnxTensor.floats(Shape.of(1), 0.1f))
                                .node("Reshape", List.of("x", "lists"), List.of("boxes"))
                                .node(node("ReduceMax", "x", "score").withInts("axes", List.of(1L)))
                                .node("Reshape", List.of("score", "scored"), List.of("scores"))
                                .node(
                                        "NonMaxSuppression",
                                        List.of("boxes", "scores", "many", "overlap"),
                                        List.of("kept"))
                                .node(node("Cast", "kept", "places").with("to", 1))
                                .node(node("ReduceSum", "places", "sum").with("keepdims", 0))
                                .node("Add", List.of("x", "sum"), List.of("y"))),
                mixing(
                        "one scale for the batch",
                        "DynamicQuantizeLinear 'q': takes one scale from the whole batch",
                        model -> model.initializer("w", OnnxTensor.raw(DataType.INT8, Shape.of(4, 4), new byte[] {
                                    90, -3, 17, 5, 44, 61, -80, 2, 9, 33, 71, -25, 14, -6, 8, 120
                                }))
                                .node("DynamicQuantizeLinear", List.of("x"), List.of("q", "scale", "from"))
                                .node("MatMulInteger", List.of("q", "w", "from"), List.of("whole"))
                                .node(node("Cast", "whole", "real").with("to", 1))
                                .node("Mul", List.of("real", "scale"), List.of("y"))));
    }

    static Stream<Named<UnaryOperator<OnnxModel>>> rowWise() {
        return Stream.of(
                model(
                        "softmax over the row",
                        model -> model.node(node("Softmax", "x", "y").with("axis", -1))),
                model("a running sum over the row", model -> model.node("CumSum", List.of("x", "one"), List.of("y"))),
                model(
                        "the row's own mean taken off",
                        model -> model.node(node("ReduceMean", "x", "mean").withInts("axes", List.of(1L)))
                                .node("Sub", List.of("x", "mean"), List.of("y"))),
                model(
                        "the row turned round",
                        model -> model.initializer("last", longs(-1))
                                .initializer("before", longs(Long.MIN_VALUE))
                                .node("Slice", List.of("x", "last", "before", "one", "last"), List.of("y"))));
    }

    @ParameterizedTest
    @MethodSource("mixing")
    void modelsThatMixRowsAreNotBatched(UnaryOperator<OnnxModel> nodes, String reason) {
        assertThat(probed(nodes, FOUR).toString()).startsWith("no (").contains(reason);
    }

    @ParameterizedTest
    @MethodSource("rowWise")
    void modelsThatDoNotAreBatchedWhateverTheirWidth(UnaryOperator<OnnxModel> nodes) {
        assertThat(probed(nodes, FOUR)).isNotInstanceOf(Batchability.No.class);
        assertThat(probed(nodes, OPEN)).isNotInstanceOf(Batchability.No.class);
    }
}
