package dev.slipway.testing.onnx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.slipway.core.Elements;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Compares tensors as numpy's {@code allclose} does: |given - expected| <= absolute + relative |expected|. */
public record Closeness(double relative, double absolute) {

    /** What is different, in words; empty when they are close. */
    public Optional<String> difference(Tensor expected, Tensor given) {
        if (expected.dataType() != given.dataType() || !expected.shape().equals(given.shape())) {
            return Optional.of(expected + " expected, " + given + " given");
        }
        return switch (expected.dataType()) {
            case BYTES -> expected.strings().equals(given.strings()) ? Optional.empty() : Optional.of("other strings");
            case FP16, BF16, FP32, FP64 -> floating(expected, given);
            default ->
                expected.data().mismatch(given.data()) < 0
                        ? Optional.empty()
                        : Optional.of("other values: " + sample(given) + ", expected " + sample(expected));
        };
    }

    private static String sample(Tensor tensor) {
        byte[] bytes = tensor.data().toArray(JAVA_BYTE);
        return Arrays.toString(Arrays.copyOf(bytes, Math.min(16, bytes.length)));
    }

    private Optional<String> floating(Tensor expected, Tensor given) {
        for (long i = 0; i < expected.shape().elements(); i++) {
            double wanted = Elements.get(expected, i);
            double is = Elements.get(given, i);
            boolean close = Double.compare(wanted, is) == 0
                    || wanted == is
                    || Math.abs(is - wanted) <= absolute + relative * Math.abs(wanted);
            if (!close) {
                return Optional.of("element " + i + " is " + is + ", expected " + wanted);
            }
        }
        return Optional.empty();
    }

    static TensorLease stacked(List<TensorLease> parts, TensorPool pool) {
        Tensor first = parts.getFirst().tensor();
        long[] dims = new long[first.shape().rank() + 1];
        dims[0] = parts.size();
        for (int i = 1; i < dims.length; i++) {
            dims[i] = first.shape().dim(i - 1);
        }
        Shape shape = Shape.of(dims);
        TensorLease stacked = pool.allocate(first.dataType(), shape);
        long at = 0;
        for (TensorLease part : parts) {
            MemorySegment data = part.tensor().data();
            long bytes = Math.min(data.byteSize(), stacked.tensor().data().byteSize() - at);
            stacked.tensor().data().asSlice(at, bytes).copyFrom(data.asSlice(0, bytes));
            at += bytes;
        }
        return stacked;
    }
}
