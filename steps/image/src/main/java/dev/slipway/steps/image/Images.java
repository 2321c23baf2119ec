package dev.slipway.steps.image;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Step.Flow;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collection;

/** What the steps have in common: images as tensors, and what may flow into a step. */
final class Images {

    /** The most pixels and the longest side of an image anywhere in a pipeline. */
    static final int MOST_PIXELS = 64_000_000;

    static final long MOST_PIXELS_OF_A_REQUEST = 4L * MOST_PIXELS;

    static final int LONGEST_SIDE = 32_768;

    private Images() {}

    /** The three dimensions of an image that flows into a step. */
    record Dims(Dimension height, Dimension width, Dimension channels) {

        DeclaredShape shape() {
            return DeclaredShape.of(height, width, channels);
        }
    }

    /**
     * The dimensions of what flows in.
     *
     * @throws FailureException {@code BadInput} when it is not of rank 3 or its type is not one of {@code types}
     */
    static Dims require(String step, Flow input, Collection<DataType> types) {
        if (!types.contains(input.dataType())) {
            throw misplaced(step, input, "takes " + types.stream().sorted().toList());
        }
        if (input.shape().ranked() && input.shape().dims().size() != 3) {
            throw misplaced(step, input, "takes an image [height,width,channels]");
        }
        if (!input.shape().ranked()) {
            return new Dims(Dimension.UNKNOWN, Dimension.UNKNOWN, Dimension.UNKNOWN);
        }
        return new Dims(
                input.shape().dims().get(0),
                input.shape().dims().get(1),
                input.shape().dims().get(2));
    }

    static FailureException misplaced(String step, Flow input, String rule) {
        return new FailureException(Failure.BadInput.of(
                "step '" + step + "' " + rule + ", " + input.dataType() + input.shape() + " comes in"));
    }

    static int height(Tensor image) {
        return (int) image.shape().dim(0);
    }

    static int width(Tensor image) {
        return (int) image.shape().dim(1);
    }

    static int channels(Tensor image) {
        return (int) image.shape().dim(2);
    }

    /** Refuses a size that no image may have here, before memory is taken for it. */
    static void requireSize(String what, long height, long width) {
        if (height < 1 || width < 1) {
            throw new FailureException(
                    Failure.BadInput.of(what + " has no pixels: its size is " + width + " by " + height));
        }
        if (height > LONGEST_SIDE || width > LONGEST_SIDE || height * width > MOST_PIXELS) {
            throw new FailureException(new Failure.TooLarge(what + " is " + width + " by " + height
                    + " pixels, at most " + LONGEST_SIDE + " on a side and " + MOST_PIXELS + " together are taken"));
        }
    }

    static byte[] bytes(Tensor image) {
        return image.data().toArray(ValueLayout.JAVA_BYTE);
    }

    static TensorLease bytes(byte[] pixels, TensorPool pool, long... dims) {
        TensorLease lease = pool.allocate(DataType.UINT8, Shape.of(dims));
        MemorySegment.copy(pixels, 0, lease.tensor().data(), ValueLayout.JAVA_BYTE, 0, pixels.length);
        return lease;
    }

    static TensorLease floats(float[] values, TensorPool pool, Shape shape) {
        TensorLease lease = pool.allocate(DataType.FP32, shape);
        MemorySegment.copy(values, 0, lease.tensor().data(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values.length);
        return lease;
    }
}
