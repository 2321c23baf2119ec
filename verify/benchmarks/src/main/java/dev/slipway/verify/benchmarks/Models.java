package dev.slipway.verify.benchmarks;

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
import java.util.Random;
import java.util.stream.Collectors;

/** Models made to measure with, their weights by chance. */
public final class Models {

    private static final int SIDE = 224;
    private static final int CLASSES = 1000;

    private final Path folder;
    private final Random random = new Random(7);

    /** Makes models into a folder. */
    public Models(Path folder) {
        this.folder = folder;
    }

    /**
     * An MLP with ReLU between its layers, FP32[batch,widths[0]] to FP32[batch,widths[last]].
     *
     * @param name of its file
     */
    public BenchmarkModel mlp(String name, int... widths) {
        int last = widths.length - 1;
        OnnxModel model = new OnnxModel()
                .input("x0", DataType.FP32, DeclaredShape.of(Dimension.of("batch"), Dimension.of(widths[0])))
                .output("y", DataType.FP32, DeclaredShape.of(Dimension.of("batch"), Dimension.of(widths[last])));
        for (int layer = 0; layer < last; layer++) {
            String product = layer == last - 1 ? "y" : "p" + layer;
            model.initializer("w" + layer, weights(widths[layer], widths[layer], widths[layer + 1]))
                    .node("MatMul", List.of("x" + layer, "w" + layer), List.of(product));
            if (layer < last - 1) {
                model.node("Relu", List.of(product), List.of("x" + (layer + 1)));
            }
        }
        String title = Arrays.stream(widths).mapToObj(Integer::toString).collect(Collectors.joining("-", "MLP ", ""));
        Path file = model.write(folder.resolve(name + ".onnx"));
        return BenchmarkModel.of(title, file, "x0", Shape.of(1, widths[0]), "y", Shape.of(1, widths[last]));
    }

    /**
     * The layers of SqueezeNet 1.1, FP32[1,3,224,224] to FP32[1,1000]: 1.2 million weights, 0.35 billion multiplications.
     *
     * @see <a href="https://arxiv.org/abs/1602.07360">SqueezeNet</a>
     */
    public BenchmarkModel cnn() {
        OnnxModel model = new OnnxModel()
                .input("x", DataType.FP32, DeclaredShape.of(1, 3, SIDE, SIDE))
                .output("y", DataType.FP32, DeclaredShape.of(1, CLASSES));
        String at = convolved(model, "x", "conv1", 3, 64, 3, 2);
        at = pooled(model, at);
        at = fire(model, at, "fire2", 64, 16, 64);
        at = fire(model, at, "fire3", 128, 16, 64);
        at = pooled(model, at);
        at = fire(model, at, "fire4", 128, 32, 128);
        at = fire(model, at, "fire5", 256, 32, 128);
        at = pooled(model, at);
        at = fire(model, at, "fire6", 256, 48, 192);
        at = fire(model, at, "fire7", 384, 48, 192);
        at = fire(model, at, "fire8", 384, 64, 256);
        at = fire(model, at, "fire9", 512, 64, 256);
        at = convolved(model, at, "conv10", 512, CLASSES, 1, 1);
        model.node("GlobalAveragePool", List.of(at), List.of("mean"));
        model.node("Flatten", List.of("mean"), List.of("y"));
        Path file = model.write(folder.resolve("cnn.onnx"));
        return BenchmarkModel.of("SqueezeNet 1.1", file, "x", Shape.of(1, 3, SIDE, SIDE), "y", Shape.of(1, CLASSES));
    }

    /** Takes and gives tensors of the CNN's shapes, and does next to nothing: its answer is the first of what it is given. */
    public BenchmarkModel passage() {
        OnnxModel model = new OnnxModel()
                .input("x", DataType.FP32, DeclaredShape.of(1, 3, SIDE, SIDE))
                .output("y", DataType.FP32, DeclaredShape.of(1, CLASSES))
                .initializer("from", OnnxTensor.longs(Shape.of(1), 0))
                .initializer("to", OnnxTensor.longs(Shape.of(1), CLASSES))
                .initializer("axis", OnnxTensor.longs(Shape.of(1), 1));
        model.node("Flatten", List.of("x"), List.of("flat"));
        model.node("Slice", List.of("flat", "from", "to", "axis"), List.of("y"));
        Path file = model.write(folder.resolve("passage.onnx"));
        return BenchmarkModel.of("passage", file, "x", Shape.of(1, 3, SIDE, SIDE), "y", Shape.of(1, CLASSES));
    }

    private String fire(OnnxModel model, String from, String name, int channels, int squeezed, int expanded) {
        String narrow = convolved(model, from, name + "s", channels, squeezed, 1, 1);
        String one = convolved(model, narrow, name + "e1", squeezed, expanded, 1, 1);
        String three = convolved(model, narrow, name + "e3", squeezed, expanded, 3, 1);
        model.node(OnnxNode.of("Concat", List.of(one, three), List.of(name)).with("axis", 1));
        return name;
    }

    private String convolved(OnnxModel model, String from, String name, int in, int out, int kernel, int stride) {
        long padding = kernel == 3 && stride == 1 ? 1 : 0;
        model.initializer(name + "w", weights(in * kernel * kernel, out, in, kernel, kernel))
                .initializer(name + "b", weights(100, out))
                .node(OnnxNode.of("Conv", List.of(from, name + "w", name + "b"), List.of(name + "c"))
                        .withInts("kernel_shape", List.of((long) kernel, (long) kernel))
                        .withInts("strides", List.of((long) stride, (long) stride))
                        .withInts("pads", List.of(padding, padding, padding, padding)))
                .node("Relu", List.of(name + "c"), List.of(name + "r"));
        return name + "r";
    }

    private static String pooled(OnnxModel model, String from) {
        model.node(OnnxNode.of("MaxPool", List.of(from), List.of(from + "p"))
                .withInts("kernel_shape", List.of(3L, 3L))
                .withInts("strides", List.of(2L, 2L))
                .with("ceil_mode", 1));
        return from + "p";
    }

    /** Weights that keep the size of what flows through them. */
    private OnnxTensor weights(int inputs, long... shape) {
        float[] weights = new float[(int) Shape.of(shape).elements()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (random.nextGaussian() * Math.sqrt(2.0 / inputs));
        }
        return OnnxTensor.floats(Shape.of(shape), weights);
    }
}
