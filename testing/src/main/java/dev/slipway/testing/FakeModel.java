package dev.slipway.testing;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Manifest;
import dev.slipway.core.Shape;
import dev.slipway.core.Signature;
import dev.slipway.core.Task;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A model of the {@link FakeEngine}: a function from {@code x}, FP32[batch,width], to {@code y}. */
public enum FakeModel {
    /** y[batch,width] = 2 x. */
    DOUBLE,
    /** y[batch] = the sum of each row. */
    SUM,
    /** y[batch,width] = x less the mean of its column, so that rows influence each other. */
    CENTRE,
    /** y[batch,width] = x, given as one answer per row, each [1,width]. */
    STREAM,
    /** y[3] = 1, 2, 3, whatever x is: a model without a batch dimension in its answer. */
    CONSTANT;

    public Signature signature() {
        DeclaredShape rows = DeclaredShape.of(Dimension.of("batch"), Dimension.of("width"));
        DeclaredShape output = switch (this) {
            case DOUBLE, CENTRE, STREAM -> rows;
            case SUM -> DeclaredShape.of(Dimension.of("batch"));
            case CONSTANT -> DeclaredShape.of(3);
        };
        return new Signature(
                List.of(new TensorSpec("x", DataType.FP32, rows)), List.of(new TensorSpec("y", DataType.FP32, output)));
    }

    /**
     * A manifest of this model.
     *
     * @param file the path of its file
     * @param batchable as a manifest may say; null: it does not
     */
    public Manifest manifest(String format, String file, @Nullable Boolean batchable) {
        Manifest bare = Manifest.bare(format, file, Task.TENSORS, signature());
        return new Manifest(
                bare.format(),
                bare.model(),
                bare.task(),
                "",
                List.of(),
                List.of(),
                bare.signature(),
                Map.of(),
                Map.of(),
                Manifest.Checks.NONE,
                batchable,
                Map.of());
    }

    /** Writes this model to a file, {@code model.fake} in {@code folder}. */
    public Path write(Path folder) {
        try {
            return Files.writeString(folder.resolve("model.fake"), name().toLowerCase(Locale.ROOT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Shape outputShape(Shape input) {
        return switch (this) {
            case DOUBLE, CENTRE, STREAM -> input;
            case SUM -> Shape.of(input.dim(0));
            case CONSTANT -> Shape.of(3);
        };
    }

    void fill(Tensor input, MemorySegment output) {
        long rows = input.shape().dim(0);
        long width = input.shape().dim(1);
        MemorySegment x = input.data();
        switch (this) {
            case DOUBLE -> {
                for (long i = 0; i < rows * width; i++) {
                    output.setAtIndex(JAVA_FLOAT_UNALIGNED, i, 2 * x.getAtIndex(JAVA_FLOAT_UNALIGNED, i));
                }
            }
            case SUM -> {
                for (long row = 0; row < rows; row++) {
                    float sum = 0;
                    for (long column = 0; column < width; column++) {
                        sum += x.getAtIndex(JAVA_FLOAT_UNALIGNED, row * width + column);
                    }
                    output.setAtIndex(JAVA_FLOAT_UNALIGNED, row, sum);
                }
            }
            case CENTRE -> centre(rows, width, x, output);
            case STREAM -> output.copyFrom(x);
            case CONSTANT -> {
                for (int i = 0; i < 3; i++) {
                    output.setAtIndex(JAVA_FLOAT_UNALIGNED, i, i + 1);
                }
            }
        }
    }

    private static void centre(long rows, long width, MemorySegment x, MemorySegment output) {
        for (long column = 0; column < width; column++) {
            float sum = 0;
            for (long row = 0; row < rows; row++) {
                sum += x.getAtIndex(JAVA_FLOAT_UNALIGNED, row * width + column);
            }
            for (long row = 0; row < rows; row++) {
                long at = row * width + column;
                output.setAtIndex(JAVA_FLOAT_UNALIGNED, at, x.getAtIndex(JAVA_FLOAT_UNALIGNED, at) - sum / rows);
            }
        }
    }
}
