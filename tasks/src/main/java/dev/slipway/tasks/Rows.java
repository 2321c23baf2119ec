package dev.slipway.tasks;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorSpec;
import dev.slipway.core.spi.Step;
import dev.slipway.tasks.steps.Elements;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One instance's part of an output, and its elements as Java values. */
final class Rows {

    private Rows() {}

    /** What flows from one instance's part of a declared output. */
    static Step.Flow flow(TensorSpec spec) {
        DeclaredShape shape = spec.shape();
        if (!shape.ranked() || shape.dims().isEmpty()) {
            return new Step.Flow(spec.dataType(), shape);
        }
        List<Dimension> dims = shape.dims();
        boolean counts = dims.getFirst() instanceof Dimension.Dynamic
                || (dims.size() > 1 && dims.getFirst().equals(Dimension.of(1)));
        return new Step.Flow(spec.dataType(), counts ? new DeclaredShape(true, dims.subList(1, dims.size())) : shape);
    }

    static Tensor output(InferenceResponse response, String name) {
        for (NamedTensor output : response.outputs()) {
            if (output.name().equals(name)) {
                return output.tensor();
            }
        }
        throw new FailureException(new Failure.ModelFailed("the model gave no output '" + name + "'"));
    }

    /** The part of instance {@code i} of {@code instances}, without the dimension that counts them. */
    static Tensor row(String name, Tensor tensor, int i, int instances) {
        Shape shape = tensor.shape();
        if (shape.rank() > 0 && shape.dim(0) == instances) {
            long[] dims = shape.toArray();
            return tensor.rows(i, 1).reshape(Shape.of(Arrays.copyOfRange(dims, 1, dims.length)));
        }
        if (instances == 1) {
            return tensor;
        }
        throw new FailureException(
                new Failure.ModelFailed("output '" + name + "' is " + tensor + " for " + instances + " instances"));
    }

    /** The number, truth or text at {@code i}, of the tensor's own precision. */
    static Object element(Tensor tensor, long i) {
        return switch (tensor.dataType()) {
            case BYTES -> tensor.strings().get((int) i);
            case BOOL -> Elements.whole(tensor, i) != 0;
            case FP16, BF16, FP32 -> (float) Elements.get(tensor, i);
            case FP64 -> Elements.get(tensor, i);
            case UINT64 -> new java.math.BigInteger(Long.toUnsignedString(Elements.whole(tensor, i)));
            case UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> Elements.whole(tensor, i);
        };
    }

    /** A tensor as a value or nested lists of them. */
    static @Nullable Object value(Tensor tensor) {
        return value(tensor, tensor.dataType() == DataType.BYTES ? tensor.strings() : List.of(), 0, 0);
    }

    private static Object value(Tensor tensor, List<String> strings, int axis, long from) {
        Shape shape = tensor.shape();
        if (axis == shape.rank()) {
            return tensor.dataType() == DataType.BYTES ? strings.get((int) from) : element(tensor, from);
        }
        long part = 1;
        for (int i = axis + 1; i < shape.rank(); i++) {
            part *= shape.dim(i);
        }
        List<Object> list = new ArrayList<>();
        for (long i = 0; i < shape.dim(axis); i++) {
            list.add(value(tensor, strings, axis + 1, from + i * part));
        }
        return list;
    }
}
