package dev.slipway.tasks;

import dev.slipway.core.DataType;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/** Memory for the steps of one answer, all given back with its arena. */
final class ScratchPool implements TensorPool, AutoCloseable {

    private static final ValueLayout.OfInt LENGTH = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena = Arena.ofConfined();
    private long leases;
    private long bytes;

    @Override
    public TensorLease allocate(DataType dataType, Shape shape) {
        return lease(Tensor.of(dataType, shape, memory(Tensor.byteSize(dataType, shape))), () -> {});
    }

    @Override
    public TensorLease allocateBytes(Shape shape, long size) {
        return lease(Tensor.ofBytes(shape, memory(size), memory(8 * (shape.elements() + 1))), () -> {});
    }

    @Override
    public TensorLease copyOfBytes(Shape shape, List<byte[]> elements) {
        TensorLease lease = allocateBytes(
                shape,
                elements.stream().mapToLong(element -> 4L + element.length).sum());
        MemorySegment data = lease.tensor().data();
        MemorySegment index = lease.tensor().index();
        long offset = 0;
        for (int i = 0; i < elements.size(); i++) {
            byte[] element = elements.get(i);
            index.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i, offset);
            data.set(LENGTH, offset, element.length);
            MemorySegment.copy(element, 0, data, ValueLayout.JAVA_BYTE, offset + 4, element.length);
            offset += 4L + element.length;
        }
        index.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, elements.size(), offset);
        return lease;
    }

    @Override
    public TensorLease adopt(Tensor tensor, Runnable release) {
        return lease(tensor, release);
    }

    private MemorySegment memory(long size) {
        bytes += size;
        return arena.allocate(size, 64);
    }

    private TensorLease lease(Tensor tensor, Runnable release) {
        leases++;
        return new TensorLease(tensor, () -> {
            leases--;
            release.run();
        });
    }

    @Override
    public long leases() {
        return leases;
    }

    @Override
    public long bytesInUse() {
        return bytes;
    }

    @Override
    public void close() {
        arena.close();
    }
}
