package dev.slipway.engines.onnxruntime;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.slipway.core.Claims;
import dev.slipway.core.DataType;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.LongAdder;

/** Makes the runtime's values out of tensors, and tensors out of its values. Values are handles that somebody releases. */
final class OrtValues {

    private static final ValueLayout.OfInt LENGTH = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final OrtEnvironment environment;
    private final OrtApi api;
    private final TensorPool pool;
    private final LongAdder adopted = new LongAdder();

    OrtValues(OrtEnvironment environment, TensorPool pool) {
        this.environment = environment;
        this.api = environment.api();
        this.pool = pool;
    }

    /** A value over the tensor's own memory; of a BYTES tensor a copy, since the runtime keeps strings as objects. */
    long of(Tensor tensor, RunScratch scratch) {
        Shape shape = tensor.shape();
        MemorySegment dims = scratch.dims();
        for (int i = 0; i < shape.rank(); i++) {
            dims.setAtIndex(JAVA_LONG, i, shape.dim(i));
        }
        if (tensor.dataType() == DataType.BYTES) {
            return strings(tensor, scratch);
        }
        api.call(
                OrtFunction.CREATE_TENSOR_WITH_DATA_AS_ORT_VALUE,
                environment.cpuMemory(),
                tensor.data().address(),
                tensor.data().byteSize(),
                dims.address(),
                shape.rank(),
                ElementType.of(tensor.dataType()),
                scratch.out().address());
        return OrtApi.read(scratch.out(), 0);
    }

    private long strings(Tensor tensor, RunScratch scratch) {
        MemorySegment out = scratch.out();
        api.call(
                OrtFunction.CREATE_TENSOR_AS_ORT_VALUE,
                environment.allocator(),
                scratch.dims().address(),
                tensor.shape().rank(),
                ElementType.of(DataType.BYTES),
                out.address());
        long value = OrtApi.read(out, 0);
        try {
            for (long i = 0; i < tensor.shape().elements(); i++) {
                MemorySegment element = tensor.element(i);
                long bytes = element.byteSize();
                api.call(OrtFunction.GET_RESIZED_STRING_TENSOR_ELEMENT_BUFFER, value, i, bytes, out.address());
                OrtApi.pointerTo(OrtApi.read(out, 0), bytes).copyFrom(element);
            }
            return value;
        } catch (RuntimeException e) {
            api.release(OrtFunction.RELEASE_VALUE, value);
            throw e;
        }
    }

    /** The shape of a value that is a tensor. */
    Shape shape(long value, RunScratch scratch) {
        MemorySegment out = scratch.out();
        api.call(OrtFunction.GET_TENSOR_TYPE_AND_SHAPE, value, out.address());
        long info = OrtApi.read(out, 0);
        try {
            api.call(OrtFunction.GET_DIMENSIONS_COUNT, info, out.address());
            int rank = Math.toIntExact(OrtApi.read(out, 0));
            if (rank > RunScratch.MAX_RANK) {
                throw new OrtException(0, "an output has " + rank + " dimensions");
            }
            MemorySegment dims = scratch.dims();
            api.call(OrtFunction.GET_DIMENSIONS, info, dims.address(), rank);
            long[] sizes = new long[rank];
            MemorySegment.copy(dims, JAVA_LONG, 0, sizes, 0, rank);
            return Shape.of(sizes);
        } finally {
            api.release(OrtFunction.RELEASE_TENSOR_TYPE_AND_SHAPE_INFO, info);
        }
    }

    /** The memory of a value that is a tensor of elements of fixed size. */
    MemorySegment data(long value, DataType type, Shape shape, RunScratch scratch) {
        api.call(OrtFunction.GET_TENSOR_MUTABLE_DATA, value, scratch.out().address());
        return OrtApi.pointerTo(OrtApi.read(scratch.out(), 0), Tensor.byteSize(type, shape));
    }

    /** A copy of a value that is a tensor. */
    TensorLease copy(long value, DataType type, RunScratch scratch) {
        Shape shape = shape(value, scratch);
        if (type == DataType.BYTES) {
            return copyOfStrings(value, shape, scratch);
        }
        MemorySegment data = data(value, type, shape, scratch);
        TensorLease lease = pool.allocate(type, shape);
        lease.tensor().data().copyFrom(data);
        return lease;
    }

    /** A lease of the value's own memory, which takes the value over. */
    TensorLease adopt(long value, DataType type, Shape shape, MemorySegment data) {
        Claims users = environment.users();
        if (!users.tryClaim()) {
            throw new IllegalStateException("the engine was closed before its sessions");
        }
        adopted.increment();
        return pool.adopt(Tensor.of(type, shape, data), () -> {
            api.release(OrtFunction.RELEASE_VALUE, value);
            adopted.decrement();
            users.release();
        });
    }

    /** How many answers still hold memory of the model's arena: those that were adopted and not given back. */
    long adopted() {
        return adopted.sum();
    }

    /**
     * Copies strings. The runtime writes them end to end; they are put at the end of the memory and moved to the front
     * one by one, each behind its length, which never reaches those not yet moved.
     */
    private TensorLease copyOfStrings(long value, Shape shape, RunScratch scratch) {
        long count = shape.elements();
        api.call(OrtFunction.GET_STRING_TENSOR_DATA_LENGTH, value, scratch.out().address());
        long bytes = OrtApi.read(scratch.out(), 0);
        TensorLease lease = pool.allocateBytes(shape, bytes + 4 * count);
        MemorySegment data = lease.tensor().data();
        MemorySegment index = lease.tensor().index();
        try {
            if (count > 0) {
                long content = data.address() + 4 * count;
                api.call(OrtFunction.GET_STRING_TENSOR_CONTENT, value, content, bytes, index.address(), count);
            }
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
        index.setAtIndex(JAVA_LONG_UNALIGNED, count, bytes);
        for (long i = 0; i < count; i++) {
            long from = index.getAtIndex(JAVA_LONG_UNALIGNED, i);
            long length = index.getAtIndex(JAVA_LONG_UNALIGNED, i + 1) - from;
            long to = from + 4 * i;
            MemorySegment.copy(data, JAVA_BYTE, 4 * count + from, data, JAVA_BYTE, to + 4, length);
            data.set(LENGTH, to, Math.toIntExact(length));
            index.setAtIndex(JAVA_LONG_UNALIGNED, i, to);
        }
        index.setAtIndex(JAVA_LONG_UNALIGNED, count, bytes + 4 * count);
        return lease;
    }
}
