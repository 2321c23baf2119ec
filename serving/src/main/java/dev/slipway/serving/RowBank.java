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

/**
 * Rows of input to try a model with.
 *
 * @param columns what each row has of each input
 */
record RowBank(List<Column> columns) {

    private static final ValueLayout.OfInt LENGTH = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Sizes for open dimensions: small, odd, and two that networks which halve their input several times can halve. */
    private static final List<Long> OPEN_SIZES = List.of(8L, 33L, 64L, 128L);

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

    /**
     * What rows may look like by a signature: one way when it fixes all but the first dimension; else some, each with
     * another size for all the open ones.
     */
    static List<RowBank> of(Signature signature) {
        List<TensorSpec> inputs =
                signature.inputs().stream().filter(input -> !input.optional()).toList();
        boolean open = inputs.stream()
                .flatMap(input -> input.shape().dims().stream().skip(1))
                .anyMatch(dim -> !(dim instanceof Dimension.Fixed));
        return (open ? OPEN_SIZES : List.of(1L))
                .stream()
                        .map(size -> new RowBank(inputs.stream()
                                .map(input -> new Column(input.name(), input.dataType(), row(input, size)))
                                .toList()))
                        .toList();
    }

    private static Shape row(TensorSpec input, long openSize) {
        List<Dimension> dims = input.shape().dims();
        long[] sizes = new long[dims.size()];
        sizes[0] = 1;
        for (int i = 1; i < sizes.length; i++) {
            sizes[i] = dims.get(i) instanceof Dimension.Fixed(long size) ? size : openSize;
        }
        return Shape.of(sizes);
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
