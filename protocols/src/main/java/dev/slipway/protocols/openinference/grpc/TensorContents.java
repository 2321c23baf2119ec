package dev.slipway.protocols.openinference.grpc;

import com.google.protobuf.WireFormat;
import dev.slipway.core.DataType;
import dev.slipway.core.Elements;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code InferTensorContents}, the typed form of a tensor, straight into pool memory. */
final class TensorContents {

    private TensorContents() {}

    /** The field of {@code InferTensorContents} that holds a type; 0 for types that it cannot carry. */
    private static int field(DataType type) {
        return switch (type) {
            case BOOL -> 1;
            case INT8, INT16, INT32 -> 2;
            case INT64 -> 3;
            case UINT8, UINT16, UINT32 -> 4;
            case UINT64 -> 5;
            case FP32 -> 6;
            case FP64 -> 7;
            case BYTES -> 8;
            case FP16, BF16 -> 0;
        };
    }

    /**
     * Reads a tensor.
     *
     * @param what how failures call it
     * @throws FailureException {@code BadInput} when the elements are of another type, too few, too many or out of range
     */
    static TensorLease read(String what, DataType type, Shape shape, MemorySegment contents, TensorPool pool) {
        int field = field(type);
        if (field == 0) {
            throw failure(what + ": " + type + " has no typed contents, send it in raw_input_contents");
        }
        if (shape.elements() > contents.byteSize()) {
            throw tooFew(what, shape, contents.byteSize());
        }
        WireReader in = new WireReader(contents);
        try {
            return type == DataType.BYTES
                    ? strings(what, shape, in, pool)
                    : numbers(what, type, field, shape, in, pool);
        } catch (IOException e) {
            throw new FailureException(Failure.BadInput.malformed(what + ": broken contents: " + e.getMessage()), e);
        }
    }

    private static TensorLease numbers(
            String what, DataType type, int field, Shape shape, WireReader in, TensorPool pool) throws IOException {
        TensorLease lease = pool.allocate(type, shape);
        try {
            Tensor tensor = lease.tensor();
            long count = 0;
            for (int tag = in.tag(); tag != 0; tag = in.tag()) {
                if (WireFormat.getTagFieldNumber(tag) != field) {
                    throw wrongField(what, type, tag);
                }
                if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                    long end = in.enter();
                    while (in.more()) {
                        put(what, tensor, in, count++);
                    }
                    in.leave(end);
                } else {
                    put(what, tensor, in, count++);
                }
            }
            if (count != shape.elements()) {
                throw tooFew(what, shape, count);
            }
            return lease;
        } catch (IOException | FailureException e) {
            lease.close();
            throw e;
        }
    }

    private static void put(String what, Tensor tensor, WireReader in, long at) throws IOException {
        DataType type = tensor.dataType();
        Shape shape = tensor.shape();
        if (at >= shape.elements()) {
            throw failure(what + ": more than the " + shape.elements() + " elements of shape " + shape + " given");
        }
        switch (type) {
            case BOOL -> Elements.set(tensor, at, in.varint() != 0 ? 1 : 0);
            case INT8, INT16, INT32 -> Elements.setWhole(tensor, at, within(what, type, in.int32()));
            case UINT8, UINT16, UINT32 -> Elements.setWhole(tensor, at, within(what, type, in.varint() & 0xffff_ffffL));
            case INT64 -> Elements.setWhole(tensor, at, in.varint());
            case UINT64 -> Elements.setWhole(tensor, at, in.varint());
            case FP32 -> Elements.set(tensor, at, Float.intBitsToFloat(in.fixed32()));
            case FP64 -> Elements.set(tensor, at, Double.longBitsToDouble(in.fixed64()));
            case BYTES, FP16, BF16 -> throw new AssertionError(type);
        }
    }

    private static long within(String what, DataType type, long value) {
        if (value < type.least() || value > type.most()) {
            throw failure(what + ": " + value + " does not lie between " + type.least() + " and " + type.most());
        }
        return value;
    }

    private static TensorLease strings(String what, Shape shape, WireReader in, TensorPool pool) throws IOException {
        List<byte[]> elements = new ArrayList<>();
        for (int tag = in.tag(); tag != 0; tag = in.tag()) {
            if (WireFormat.getTagFieldNumber(tag) != field(DataType.BYTES)) {
                throw wrongField(what, DataType.BYTES, tag);
            }
            elements.add(in.block().toArray(ValueLayout.JAVA_BYTE));
        }
        if (elements.size() != shape.elements()) {
            throw tooFew(what, shape, elements.size());
        }
        return pool.copyOfBytes(shape, elements);
    }

    private static FailureException tooFew(String what, Shape shape, long given) {
        return failure(what + ": " + given + " values given, shape " + shape + " needs " + shape.elements());
    }

    private static FailureException wrongField(String what, DataType type, int tag) {
        return failure(what + ": contents in field " + WireFormat.getTagFieldNumber(tag) + " of InferTensorContents, "
                + type + " belongs in field " + field(type));
    }

    private static FailureException failure(String detail) {
        return new FailureException(Failure.BadInput.of(detail));
    }
}
