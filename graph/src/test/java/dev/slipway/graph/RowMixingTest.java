package dev.slipway.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Shape;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxNode;
import dev.slipway.testing.onnx.OnnxTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RowMixingTest {

    private static final DeclaredShape ROWS = DeclaredShape.of(Dimension.of("batch"), Dimension.of(4));

    @TempDir
    Path folder;

    static Stream<Named<OnnxNode>> mixing() {
        return Stream.of(
                named("mean over axis 0", node("ReduceMean").withInts("axes", List.of(0L))),
                named("mean over axis -2 of two", node("ReduceMean").withInts("axes", List.of(-2L))),
                named("sum over all axes", node("ReduceSum")),
                named("sum over axes computed", OnnxNode.of("ReduceSum", List.of("x", "axes"), List.of("y"))),
                named("softmax over axis 0", node("Softmax").with("axis", 0)),
                named("arg max over axis 0 by default", node("ArgMax")),
                named(
                        "top k over axis 0",
                        OnnxNode.of("TopK", List.of("x", "one"), List.of("y", "i"))
                                .with("axis", 0)),
                named("running sum over axis 0", OnnxNode.of("CumSum", List.of("x", "zero"), List.of("y"))),
                named(
                        "one scale for the batch",
                        OnnxNode.of("DynamicQuantizeLinear", List.of("x"), List.of("y", "s", "z"))),
                named("batch statistics", node("BatchNormalization").with("training_mode", 1)),
                named("random numbers", OnnxNode.of("RandomNormal", List.of(), List.of("y"))),
                named("positions", node("NonZero")),
                named(
                        "dropped rows",
                        OnnxNode.of("Compress", List.of("x", "axes"), List.of("y"))
                                .with("axis", 0)),
                named("unique values", node("Unique")));
    }

    static Stream<Named<OnnxNode>> rowWise() {
        return Stream.of(
                named("mean over axis 1", node("ReduceMean").withInts("axes", List.of(1L))),
                named("mean over the last axis", node("ReduceMean").withInts("axes", List.of(-1L))),
                named("sum over axis 1 as an input", OnnxNode.of("ReduceSum", List.of("x", "one"), List.of("y"))),
                named("no axes means none", node("ReduceSum").with("noop_with_empty_axes", 1)),
                named("softmax over the last axis", node("Softmax")),
                named("arg max over axis 1", node("ArgMax").with("axis", 1)),
                named("sorted over the last axis", OnnxNode.of("TopK", List.of("x", "one"), List.of("y", "i"))),
                named("running sum over axis 1", OnnxNode.of("CumSum", List.of("x", "one"), List.of("y"))),
                named("fixed statistics", node("BatchNormalization")),
                named("a reduction of weights", OnnxNode.of("ReduceSum", List.of("weights"), List.of("y"))));
    }

    @ParameterizedTest
    @MethodSource("mixing")
    void findsOperatorsThatMixRows(OnnxNode node) {
        assertThat(new OnnxReader().inspect(model(node)).rowMixing()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("rowWise")
    void leavesRowWiseOperatorsAlone(OnnxNode node) {
        assertThat(new OnnxReader().inspect(model(node)).rowMixing()).isEmpty();
    }

    @Test
    void saysWhichAndWhy() {
        assertThat(new OnnxReader()
                        .inspect(Models.file("dynamic_quantize_matmul_uint8.onnx"))
                        .rowMixing())
                .containsExactly("DynamicQuantizeLinear: takes one scale from the whole batch");
    }

    @Test
    void shapeArithmeticIsNoMixing() {
        Path model = base().node("Shape", List.of("x"), List.of("shape"))
                .node("ReduceProd", List.of("shape"), List.of("size"))
                .node("Identity", List.of("x"), List.of("y"))
                .write(folder.resolve("shape.onnx"));
        assertThat(new OnnxReader().inspect(model).rowMixing()).isEmpty();
    }

    @Test
    void looksIntoSubgraphs() {
        OnnxModel branch = new OnnxModel()
                .output("a", DataType.FP32, ROWS)
                .node(OnnxNode.of("ReduceMean", List.of("x"), List.of("a")).withInts("axes", List.of(0L)));
        Path model = base().node(OnnxNode.of("If", List.of("constant"), List.of("y"))
                        .withGraph("then_branch", branch)
                        .withGraph("else_branch", branch))
                .write(folder.resolve("if.onnx"));
        assertThat(new OnnxReader().inspect(model).rowMixing())
                .anyMatch(reason -> reason.startsWith("ReduceMean: "))
                .anyMatch(reason -> reason.startsWith("If: "));
    }

    private static Named<OnnxNode> named(String name, OnnxNode node) {
        return Named.of(name, node);
    }

    private static OnnxNode node(String operator) {
        return OnnxNode.of(operator, List.of("x"), List.of("y"));
    }

    private static OnnxModel base() {
        return new OnnxModel()
                .input("x", DataType.FP32, ROWS)
                .input("axes", DataType.INT64, DeclaredShape.of(1))
                .output("y", DataType.FP32, ROWS)
                .initializer("zero", OnnxTensor.longs(Shape.of(1), 0))
                .initializer("one", OnnxTensor.longs(Shape.of(1), 1))
                .initializer("weights", OnnxTensor.floats(Shape.of(2), 1, 2));
    }

    private Path model(OnnxNode node) {
        return base().node(node).write(folder.resolve("model.onnx"));
    }
}
