package dev.slipway.serving;

import dev.slipway.core.DataType;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Puts the rows of several tensors one after another, and takes answers apart again. */
final class Batch {

    private Batch() {}

    /**
     * The inputs of several requests as one input each. This is the one copy on the way of a request: the rows come
     * from memory of their own, and an engine reads one piece.
     *
     * @param requests the inputs of each request, all of the same names, types and trailing shapes
     */
    static List<NamedTensor> gather(List<List<NamedTensor>> requests, TensorPool pool) {
        List<NamedTensor> gathered = new ArrayList<>();
        try {
            List<NamedTensor> names = requests.getFirst();
            for (int i = 0; i < names.size(); i++) {
                int input = i;
                List<Tensor> parts = requests.stream()
                        .map(request -> request.get(input).tensor())
                        .toList();
                gathered.add(new NamedTensor(names.get(i).name(), together(parts, pool)));
            }
            return gathered;
        } catch (RuntimeException e) {
            NamedTensor.closeAll(gathered);
            throw e;
        }
    }

    private static TensorLease together(List<Tensor> parts, TensorPool pool) {
        Tensor first = parts.getFirst();
        long rows = parts.stream().mapToLong(part -> part.shape().dim(0)).sum();
        Shape shape = first.shape().withFirst(rows);
        if (first.dataType() == DataType.BYTES) {
            return bytesTogether(parts, shape, pool);
        }
        TensorLease lease = pool.allocate(first.dataType(), shape);
        MemorySegment data = lease.tensor().data();
        long offset = 0;
        for (Tensor part : parts) {
            long size = part.data().byteSize();
            MemorySegment.copy(part.data(), 0, data, offset, size);
            offset += size;
        }
        return lease;
    }

    private static TensorLease bytesTogether(List<Tensor> parts, Shape shape, TensorPool pool) {
        long bytes = parts.stream().mapToLong(part -> part.wire().byteSize()).sum();
        TensorLease lease = pool.allocateBytes(shape, bytes);
        MemorySegment data = lease.tensor().data();
        MemorySegment index = lease.tensor().index();
        long offset = 0;
        long element = 0;
        for (Tensor part : parts) {
            MemorySegment wire = part.wire();
            MemorySegment.copy(wire, 0, data, offset, wire.byteSize());
            long start = part.index().getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, 0);
            for (long i = 0; i < part.shape().elements(); i++) {
                long at = part.index().getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i) - start;
                index.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, element++, offset + at);
            }
            offset += wire.byteSize();
        }
        index.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, element, offset);
        return lease;
    }

    /** Whether each tensor has so many rows. */
    static boolean haveRows(List<NamedTensor> outputs, long rows) {
        for (NamedTensor output : outputs) {
            Shape shape = output.tensor().shape();
            if (shape.rank() == 0 || shape.dim(0) != rows) {
                return false;
            }
        }
        return true;
    }

    /** Some rows of each output, as further claims on the same memory. */
    static List<NamedTensor> rows(List<NamedTensor> outputs, long first, long rows) {
        List<NamedTensor> part = new ArrayList<>(outputs.size());
        for (NamedTensor output : outputs) {
            TensorLease lease = output.lease();
            part.add(new NamedTensor(output.name(), lease.view(lease.tensor().rows(first, rows))));
        }
        return part;
    }
}
