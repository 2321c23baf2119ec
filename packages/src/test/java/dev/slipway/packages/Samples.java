package dev.slipway.packages;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Shape;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxNode;
import dev.slipway.testing.onnx.OnnxTensor;
import dev.slipway.testing.onnx.OnnxType;
import java.util.List;

/** Small models. */
final class Samples {

    private static final DeclaredShape ROWS = DeclaredShape.of(Dimension.of("batch"), Dimension.of(4));
    private static final DeclaredShape SCORES = DeclaredShape.of(Dimension.of("batch"), Dimension.of(3));

    private Samples() {}

    /** {@code features [batch,4]} to {@code probabilities [batch,3]}. */
    static OnnxModel scores() {
        return new OnnxModel()
                .input("features", DataType.FP32, ROWS)
                .output("probabilities", DataType.FP32, SCORES)
                .initializer("w", OnnxTensor.floats(Shape.of(4, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))
                .node("MatMul", List.of("features", "w"), List.of("probabilities"));
    }

    /** The same with its weights in {@code weights.bin}, 48 bytes. */
    static OnnxModel external() {
        return new OnnxModel()
                .input("features", DataType.FP32, ROWS)
                .output("probabilities", DataType.FP32, SCORES)
                .externalInitializer(
                        "w", OnnxTensor.floats(Shape.of(4, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), "weights.bin")
                .node("MatMul", List.of("features", "w"), List.of("probabilities"));
    }

    /** A classifier as scikit-learn's converter writes it. */
    static OnnxModel zipMap() {
        return zipMap(ROWS);
    }

    /** The same with features of another shape. */
    static OnnxModel zipMap(DeclaredShape features) {
        return new OnnxModel()
                .input("features", DataType.FP32, features)
                .output("label", DataType.INT64, DeclaredShape.of(-1))
                .output(
                        "probability",
                        new OnnxType.SequenceType(
                                new OnnxType.MapType(8, OnnxType.tensor(DataType.FP32, DeclaredShape.ANY))))
                .node(OnnxNode.of("ai.onnx.ml", "LinearClassifier", List.of("features"), List.of("label", "scores")))
                .node(OnnxNode.of("ai.onnx.ml", "ZipMap", List.of("scores"), List.of("probability"))
                        .withStrings("classlabels_strings", List.of("a", "b", "c")));
    }

    /** One input for each column. */
    static OnnxModel columns() {
        DeclaredShape column = DeclaredShape.of(Dimension.of("batch"), Dimension.of(1));
        return new OnnxModel()
                .input("age", DataType.FP32, column)
                .input("name", DataType.BYTES, column)
                .output("y", DataType.FP32, column)
                .node("Identity", List.of("age"), List.of("y"));
    }
}
