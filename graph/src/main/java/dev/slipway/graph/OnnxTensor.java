package dev.slipway.graph;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of a model without its payload.
 *
 * @param element the number of {@code TensorProto.DataType}
 * @param integers the values of a small tensor of integers; empty for every other
 * @param floats the values of a tensor of a few elements of FP32; empty for every other
 * @param external where the payload is when it is not in the model's file
 */
record OnnxTensor(
        String name,
        int element,
        List<Long> dims,
        List<Long> integers,
        List<Float> floats,
        @Nullable External external) {

    /** The most integers that a tensor keeps. */
    static final int KEPT_INTEGERS = 64;

    /** The most floats that a tensor keeps: a scale for each axis. */
    static final int KEPT_FLOATS = 16;

    /** A part of a weight file; {@code length} is -1 when it is not stated. */
    public record External(String location, long offset, long length) {}

    public OnnxTensor {
        dims = List.copyOf(dims);
        integers = List.copyOf(integers);
        floats = List.copyOf(floats);
    }

    /** The number of elements, or -1 when it is negative or more than a 64-bit number can count. */
    public long elements() {
        long product = 1;
        for (long dim : dims) {
            if (dim < 0 || Math.multiplyHigh(product, dim) != 0 || product * dim < 0) {
                return -1;
            }
            product *= dim;
        }
        return product;
    }
}
