package dev.slipway.protocols.openinference.grpc;

import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.LengthPrefixed;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Quoted;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.protocols.openinference.grpc.InferMessage.Input;
import dev.slipway.protocols.openinference.grpc.InferMessage.Range;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes tensors of a request's bytes, copied into memory of their own.
 */
final class InferMessageTensors {

    private final InferMessage message;
    private final MemorySegment bytes;
    private final TensorPool pool;

    InferMessageTensors(InferMessage message, MemorySegment bytes, TensorPool pool) {
        this.message = message;
        this.bytes = bytes;
        this.pool = pool;
    }

    /**
     * The request's inputs, each a claim of the caller's.
     *
     * @throws FailureException {@code BadInput} when types, shapes and bytes do not agree
     */
    List<NamedTensor> inputs() {
        boolean raw = !message.raw().isEmpty();
        if (raw && message.raw().size() != message.inputs().size()) {
            throw failure(message.raw().size() + " entries in raw_input_contents given, "
                    + message.inputs().size() + " inputs need one each");
        }
        List<NamedTensor> inputs = new ArrayList<>(message.inputs().size());
        try {
            for (int i = 0; i < message.inputs().size(); i++) {
                Input input = message.inputs().get(i);
                if (raw && input.contents() != null) {
                    throw failure("contents field must not be specified when using raw_input_contents for "
                            + Quoted.of(input.name()) + " for model " + Quoted.of(message.model()));
                }
                inputs.add(new NamedTensor(
                        input.name(), raw ? raw(input, message.raw().get(i)) : typed(input)));
            }
        } catch (RuntimeException | Error e) {
            NamedTensor.closeAll(inputs);
            throw e;
        }
        return inputs;
    }

    private TensorLease typed(Input input) {
        Range contents = input.contents() == null ? new Range(0, 0) : input.contents();
        return TensorContents.read(
                what(input), type(input), shape(input), bytes.asSlice(contents.offset(), contents.length()), pool);
    }

    private TensorLease raw(Input input, Range range) {
        DataType type = type(input);
        Shape shape = shape(input);
        MemorySegment source = bytes.asSlice(range.offset(), range.length());
        if (type == DataType.BYTES) {
            TensorLease copy = pool.allocate(DataType.UINT8, Shape.of(range.length()));
            copy.tensor().data().copyFrom(source);
            return LengthPrefixed.tensor(what(input), shape, copy, pool);
        }
        if (shape.elements() > Integer.MAX_VALUE || Tensor.byteSize(type, shape) != range.length()) {
            throw failure(what(input) + ": " + range.length() + " bytes given, " + type + shape + " needs "
                    + byteSize(type, shape));
        }
        TensorLease lease = pool.allocate(type, shape);
        lease.tensor().data().copyFrom(source);
        return lease;
    }

    private static String byteSize(DataType type, Shape shape) {
        return shape.elements() > Long.MAX_VALUE / 8 ? "more than 2^60" : Long.toString(Tensor.byteSize(type, shape));
    }

    private static String what(Input input) {
        return "input " + Quoted.of(input.name());
    }

    static DataType type(Input input) {
        return DataType.of(input.datatype())
                .orElseThrow(() -> failure(what(input) + ": datatype " + Quoted.of(input.datatype()) + " is not one of "
                        + List.of(DataType.values())));
    }

    static Shape shape(Input input) {
        try {
            return Shape.of(input.shape().stream().mapToLong(Long::longValue).toArray());
        } catch (IllegalArgumentException e) {
            throw new FailureException(Failure.BadInput.of(what(input) + ": " + e.getMessage()), e);
        }
    }

    private static FailureException failure(String detail) {
        return new FailureException(Failure.BadInput.of(detail));
    }
}
