package dev.slipway.verify.benchmarks;

import dev.slipway.core.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A model to measure with, from one input to one output, both FP32.
 *
 * @param file named after the model
 * @param inputShape of a request
 * @param outputShape of its answer
 * @param values of a request
 */
public record BenchmarkModel(
        String name, Path file, String input, Shape inputShape, String output, Shape outputShape, List<Float> values) {

    private static final int SEED = 7;

    public BenchmarkModel {
        values = List.copyOf(values);
    }

    /** A model whose request has values by chance, as many digits long as floats are. */
    static BenchmarkModel of(String name, Path file, String input, Shape inputShape, String output, Shape outputShape) {
        Random random = new Random(SEED);
        List<Float> values = Stream.generate(() -> (float) random.nextGaussian())
                .limit(inputShape.elements())
                .toList();
        return new BenchmarkModel(name, file, input, inputShape, output, outputShape, values);
    }

    /** The MLP 4-16-3 among the examples, which lie in {@code examples} here or further up. */
    public static BenchmarkModel iris() {
        return new BenchmarkModel(
                "iris 4-16-3",
                examples().resolve("iris/iris.onnx"),
                "features",
                Shape.of(1, 4),
                "probabilities",
                Shape.of(1, 3),
                List.of(5.1f, 3.5f, 1.4f, 0.2f));
    }

    /** The folder of examples. */
    public static Path examples() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path examples = folder.resolve("examples");
            if (Files.exists(examples.resolve("iris/iris.onnx"))) {
                return examples;
            }
        }
        throw new IllegalStateException("examples/iris/iris.onnx is neither here nor further up");
    }

    /** How it is called when its file is served. */
    public String served() {
        return file.getFileName().toString().replaceFirst("\\.onnx$", "");
    }

    /** Numbers of a request. */
    int width() {
        return (int) inputShape.elements();
    }
}
