package dev.slipway.verify.system;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Shape;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A model {@code y = f(x)} over rows of whole numbers, so that every answer is known exactly.
 *
 * @param width of a row of {@code x}
 * @param mostRows that a request has
 */
record SoakModel(String name, int width, int mostRows, Kind kind, int number) {

    private static final int HIDDEN = 48;
    private static final int CLASSES = 10;
    private static final int HEAVY_LAYERS = 400;

    /** What it does with a row. */
    enum Kind {
        /** Adds the number of the version. */
        ADDS_VERSION,
        /** Adds its own number. */
        ADDS,
        /** Multiplies by its own number, with a square of weights. */
        MULTIPLIES,
        /** Two layers with whole numbers for weights. */
        MLP,
        /** Multiplies by one, very often. */
        HEAVY
    }

    byte[] bytes() {
        return switch (kind) {
            case ADDS_VERSION, ADDS -> Adding.bytes(number);
            case MULTIPLIES -> squares(1);
            case HEAVY -> squares(HEAVY_LAYERS);
            case MLP ->
                new OnnxModel()
                        .input("x", DataType.FP32, rows(width))
                        .output("y", DataType.FP32, rows(CLASSES))
                        .initializer("w1", weights(width, HIDDEN))
                        .initializer("w2", weights(HIDDEN, CLASSES))
                        .node("MatMul", List.of("x", "w1"), List.of("a"))
                        .node("Relu", List.of("a"), List.of("b"))
                        .node("MatMul", List.of("b", "w2"), List.of("y"))
                        .toBytes();
        };
    }

    private static DeclaredShape rows(int width) {
        return DeclaredShape.of(Dimension.of("n"), Dimension.of(width));
    }

    private OnnxModel layers(int layers) {
        OnnxModel model =
                new OnnxModel().input("x", DataType.FP32, rows(width)).output("y", DataType.FP32, rows(width));
        for (int layer = 0; layer < layers; layer++) {
            model.node(
                    "MatMul",
                    List.of(layer == 0 ? "x" : "h" + layer, "w"),
                    List.of(layer == layers - 1 ? "y" : "h" + (layer + 1)));
        }
        return model;
    }

    private byte[] squares(int layers) {
        ByteBuffer weights = ByteBuffer.allocate(4 * width * width).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < width; i++) {
            weights.putFloat(4 * (i * width + i), number);
        }
        return layers(layers)
                .initializer("w", OnnxTensor.raw(DataType.FP32, Shape.of(width, width), weights.array()))
                .toBytes();
    }

    private static float weight(int row, int column) {
        return (row * 7 + column * 3) % 5 - 2;
    }

    private static OnnxTensor weights(int rows, int columns) {
        ByteBuffer weights = ByteBuffer.allocate(4 * rows * columns).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                weights.putFloat(weight(row, column));
            }
        }
        return OnnxTensor.raw(DataType.FP32, Shape.of(rows, columns), weights.array());
    }

    /** Rows to ask for; a model that is asked with few different ones hears some of them again and again. */
    float[] values(RandomGenerator random, int different) {
        float[] values = new float[width * (1 + random.nextInt(mostRows))];
        int first = random.nextInt(different);
        for (int i = 0; i < values.length; i++) {
            values[i] = (first + i) % 100;
        }
        return values;
    }

    /** What the version must answer. */
    float[] expected(float[] values, long version) {
        return switch (kind) {
            case ADDS_VERSION -> plus(values, version);
            case ADDS -> plus(values, number);
            case HEAVY -> values;
            case MULTIPLIES -> {
                float[] expected = values.clone();
                for (int i = 0; i < expected.length; i++) {
                    expected[i] *= number;
                }
                yield expected;
            }
            case MLP -> {
                float[] expected = new float[values.length / width * CLASSES];
                for (int row = 0; row < values.length / width; row++) {
                    float[] hidden = layer(Arrays.copyOfRange(values, row * width, (row + 1) * width), HIDDEN);
                    for (int i = 0; i < HIDDEN; i++) {
                        hidden[i] = Math.max(0, hidden[i]);
                    }
                    System.arraycopy(layer(hidden, CLASSES), 0, expected, row * CLASSES, CLASSES);
                }
                yield expected;
            }
        };
    }

    private static float[] plus(float[] values, long number) {
        float[] sums = values.clone();
        for (int i = 0; i < sums.length; i++) {
            sums[i] += number;
        }
        return sums;
    }

    private static float[] layer(float[] row, int columns) {
        float[] sums = new float[columns];
        for (int i = 0; i < row.length; i++) {
            for (int column = 0; column < columns; column++) {
                sums[column] += row[i] * weight(i, column);
            }
        }
        return sums;
    }
}
