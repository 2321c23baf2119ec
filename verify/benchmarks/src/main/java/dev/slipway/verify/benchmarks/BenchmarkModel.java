package dev.slipway.verify.benchmarks;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Shape;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxTensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * A model to measure with, from one input to one output, both FP32[batch,...].
 *
 * @param width numbers per row of the input
 * @param classes numbers per row of the output
 */
record BenchmarkModel(String name, Path file, String input, int width, String output, int classes) {

    /** The MLP 4-16-3 among the examples, which lie in {@code examples} here or further up. */
    static BenchmarkModel iris() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path file = folder.resolve("examples/iris/iris.onnx");
            if (Files.exists(file)) {
                return new BenchmarkModel("iris 4-16-3", file, "features", 4, "probabilities", 3);
            }
        }
        throw new IllegalStateException("examples/iris/iris.onnx is neither here nor further up");
    }

    /** An MLP 256-512-512-10, written to a folder. */
    static BenchmarkModel middle(Path folder) {
        int[] widths = {256, 512, 512, 10};
        OnnxModel model = new OnnxModel()
                .input("x0", DataType.FP32, DeclaredShape.of(Dimension.of("batch"), Dimension.of(widths[0])))
                .output("y", DataType.FP32, DeclaredShape.of(Dimension.of("batch"), Dimension.of(widths[3])));
        Random random = new Random(7);
        for (int layer = 0; layer < 3; layer++) {
            float[] weights = new float[widths[layer] * widths[layer + 1]];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) (random.nextGaussian() / Math.sqrt(widths[layer]));
            }
            String out = layer == 2 ? "y" : "x" + (layer + 1);
            String product = layer == 2 ? "y" : "p" + layer;
            model.initializer("w" + layer, OnnxTensor.floats(Shape.of(widths[layer], widths[layer + 1]), weights))
                    .node("MatMul", List.of("x" + layer, "w" + layer), List.of(product));
            if (layer < 2) {
                model.node("Relu", List.of(product), List.of(out));
            }
        }
        return new BenchmarkModel("MLP 256-512-512-10", model.write(folder.resolve("mlp.onnx")), "x0", 256, "y", 10);
    }

    /** The number at place {@code i} of the row that every contender runs. */
    static float value(int i) {
        return (i % 13) / 13f;
    }
}
