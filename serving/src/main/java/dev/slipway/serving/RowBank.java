package dev.slipway.serving;

import dev.slipway.core.DataType;
import dev.slipway.core.Dimension;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.Signature;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rows of input to try a model with.
 *
 * @param columns what each row has of each input
 */
record RowBank(List<Column> columns) {

    private static final ValueLayout.OfInt LENGTH = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * One input's share of a row.
     *
     * @param row its shape with a first dimension of 1
     */
    record Column(String name, DataType dataType, Shape row) {}

    /** A row: the bytes of each input as V2 sends them. */
    record Row(List<MemorySegment> parts) {}

    RowBank {
        columns = List.copyOf(columns);
    }

    /** The columns that a signature fixes; empty when a dimension other than the first is open. */
    static Optional<RowBank> of(Signature signature) {
        List<Column> columns = new ArrayList<>();
        for (TensorSpec input : signature.inputs()) {
            if (input.optional()) {
                continue;
            }
            long[] dims = new long[input.shape().dims().size()];
            dims[0] = 1;
            for (int i = 1; i < dims.length; i++) {
                if (!(input.shape().dims().get(i) instanceof Dimension.Fixed(long size))) {
                    return Optional.empty();
                }
                dims[i] = size;
            }
            columns.add(new Column(input.name(), input.dataType(), Shape.of(dims)));
        }
        return Optional.of(new RowBank(columns));
    }

    /** The columns of a sample. */
    static RowBank of(List<NamedTensor> sample) {
        return new RowBank(sample.stream()
                .map(input -> new Column(
                        input.name(),
                        input.tensor().dataType(),
                        input.tensor().shape().withFirst(1)))
                .toList());
    }

    /** Whether a sample's inputs are those of this bank. */
    boolean fits(List<NamedTensor> sample) {
        return of(sample).equals(this);
    }

    /** The rows of a sample, copied. */
    List<Row> rows(List<NamedTensor> sample) {
        List<Row> rows = new ArrayList<>();
        long count = sample.getFirst().tensor().shape().dim(0);
        for (long i = 0; i < count; i++) {
            long at = i;
            rows.add(new Row(sample.stream()
                    .map(input -> copy(input.tensor().rows(at, 1).wire()))
                    .toList()));
        }
        return rows;
    }

    private static MemorySegment copy(MemorySegment part) {
        return MemorySegment.ofArray(part.toArray(ValueLayout.JAVA_BYTE));
    }

    /** The bytes that a run of so many rows needs, for rows like this one. */
    static long bytes(Row row, long rows) {
        return rows * row.parts().stream().mapToLong(MemorySegment::byteSize).sum();
    }

    /** The inputs of a run of these rows. */
    List<NamedTensor> inputs(List<Row> rows, TensorPool pool) {
        List<NamedTensor> inputs = new ArrayList<>();
        try {
            for (int i = 0; i < columns.size(); i++) {
                int column = i;
                List<MemorySegment> parts =
                        rows.stream().map(row -> row.parts().get(column)).toList();
                inputs.add(new NamedTensor(columns.get(i).name(), tensor(columns.get(i), parts, pool)));
            }
            return inputs;
        } catch (RuntimeException e) {
            NamedTensor.closeAll(inputs);
            throw e;
        }
    }

    private static TensorLease tensor(Column column, List<MemorySegment> parts, TensorPool pool) {
        Shape shape = column.row().withFirst(parts.size());
        boolean strings = column.dataType() == DataType.BYTES;
        long bytes = parts.stream().mapToLong(MemorySegment::byteSize).sum();
        TensorLease lease = strings ? pool.allocateBytes(shape, bytes) : pool.allocate(column.dataType(), shape);
        MemorySegment data = lease.tensor().data();
        long offset = 0;
        for (MemorySegment part : parts) {
            MemorySegment.copy(part, 0, data, offset, part.byteSize());
            offset += part.byteSize();
        }
        if (strings) {
            index(lease.tensor());
        }
        return lease;
    }

    private static void index(Tensor tensor) {
        long offset = 0;
        for (long i = 0; i <= tensor.shape().elements(); i++) {
            tensor.index().setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i, offset);
            if (i < tensor.shape().elements()) {
                offset += 4 + Integer.toUnsignedLong(tensor.data().get(LENGTH, offset));
            }
        }
    }
}
