package dev.slipway.tasks;

import dev.slipway.core.DataType;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.lang.foreign.Arena;

/** Memory for the steps of one answer, all given back with its arena. */
final class ScratchPool implements TensorPool, AutoCloseable {

    private final Arena arena = Arena.ofConfined();
    private long leases;
    private long bytes;

    @Override
    public TensorLease allocate(DataType dataType, Shape shape) {
        long size = Tensor.byteSize(dataType, shape);
        return lease(Tensor.of(dataType, shape, arena.allocate(size, 64)), size, () -> {});
    }

    @Override
    public TensorLease allocateBytes(Shape shape, long size) {
        long index = 8 * (shape.elements() + 1);
        return lease(
                Tensor.ofBytes(shape, arena.allocate(size, 64), arena.allocate(index, 64)), size + index, () -> {});
    }

    @Override
    public TensorLease adopt(Tensor tensor, Runnable release) {
        return lease(tensor, 0, release);
    }

    private TensorLease lease(Tensor tensor, long size, Runnable release) {
        leases++;
        bytes += size;
        return new TensorLease(tensor, () -> {
            leases--;
            bytes -= size;
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
