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
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether runs of graphs from x, FP32[batch,3], and n, INT64[1], take as long as shapes alone say. */
class SteadinessTest {

    private static final DeclaredShape X = DeclaredShape.of(Dimension.of("batch"), Dimension.of(3));

    @TempDir
    Path folder;

    private static OnnxNode of(String operator, String inputs, String outputs) {
        return OnnxNode.of(operator, Arrays.asList(inputs.split(" ", -1)), Arrays.asList(outputs.split(" ", -1)));
    }

    private OnnxModel model(OnnxNode... nodes) {
        OnnxModel model = new OnnxModel()
                .opset(17)
                .input("x", DataType.FP32, X)
                .input("n", DataType.INT64, DeclaredShape.of(1))
                .output("y", DataType.FP32, X)
                .initializer("two", OnnxTensor.longs(Shape.of(1), 2));
        Arrays.asList(nodes).forEach(model::node);
        return model;
    }

    private boolean steady(OnnxModel model) {
        return new OnnxReader()
                .forRuntime(model.write(folder.resolve("model.onnx")))
                .steady();
    }

    @Test
    void layersAreSteady() {
        assertThat(steady(model(of("MatMul", "x x", "a"), of("Relu", "a", "b"), of("Softmax", "b", "y"))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ConstantOfShape n y", "Expand x n y", "Tile x n y", "OneHot n n x y", "Range n n n y"})
    void aSizeThatAnInputHoldsIsNot(String node) {
        int operator = node.indexOf(' ');
        int output = node.lastIndexOf(' ');
        assertThat(steady(model(of(
                        node.substring(0, operator),
                        node.substring(operator + 1, output),
                        node.substring(output + 1)))))
                .isFalse();
    }

    @Test
    void aSizeMadeFromShapesAndConstantsIs() {
        assertThat(steady(model(
                        of("Shape", "x", "shape"),
                        of("Mul", "shape two", "twice"),
                        of("Expand", "x twice", "e"),
                        of("Tile", "e two", "y"))))
                .isTrue();
    }

    @Test
    void aConstantThatAnInputMayReplaceIsNone() {
        OnnxModel model = model(of("Tile", "x m", "y"))
                .input("m", DataType.INT64, DeclaredShape.of(2))
                .initializer("m", OnnxTensor.longs(Shape.of(2), 1, 1));
        assertThat(steady(model)).isFalse();
    }

    @Test
    void aLoopIsNotWhereverItStands() {
        OnnxNode loop = of("Loop", "n  x", "y");
        OnnxNode branch = of("If", "c", "y")
                .withGraph("then_branch", new OnnxModel().node(loop))
                .withGraph("else_branch", new OnnxModel().node(of("Relu", "x", "y")));
        assertThat(steady(model(loop))).isFalse();
        assertThat(steady(model(branch))).isFalse();
        assertThat(steady(model(mine()).function("mine", List.of("x"), List.of("y"), List.of(loop))))
                .isFalse();
    }

    @Test
    void aBranchOfSteadyNodesIs() {
        OnnxNode branch = of("If", "c", "y")
                .withGraph("then_branch", new OnnxModel().node(of("Tile", "x two", "y")))
                .withGraph("else_branch", new OnnxModel().node(of("Relu", "x", "y")));
        assertThat(steady(model(branch))).isTrue();
    }

    @Test
    void functionsAreLookedIntoAndForeignOperatorsAreNotTrusted() {
        assertThat(steady(model(mine()).function("mine", List.of("x"), List.of("y"), List.of(of("Relu", "x", "y")))))
                .isTrue();
        assertThat(steady(model(OnnxNode.of("com.microsoft", "BeamSearch", List.of("x"), List.of("y")))))
                .isFalse();
    }

    private static OnnxNode mine() {
        return OnnxNode.of("own", "mine", List.of("x"), List.of("y"));
    }
}
