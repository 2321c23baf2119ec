package dev.slipway.tasks;

import dev.slipway.core.DataType;
import dev.slipway.core.LengthPrefixed;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A tensor that is filled cell by cell; what many rows hold lies in pool memory from the first on. */
sealed interface Cells extends AutoCloseable {

    /** Adds the next cell, as {@link Column#cell} gives it. */
    void add(Object cell);

    /** The filled tensor, the caller's from now on. */
    TensorLease finish();

    /** Gives back what was not taken. */
    @Override
    void close();

    static Cells of(DataType type, Shape shape, TensorPool pool) {
        return type == DataType.BYTES ? new Text(shape, pool) : new Numbers(pool.allocate(type, shape));
    }

    /** Cells of fixed size. */
    final class Numbers implements Cells {

        private final TensorLease lease;
        private long filled;
        private boolean taken;

        private Numbers(TensorLease lease) {
            this.lease = lease;
        }

        @Override
        public void add(Object cell) {
            Column.write(cell, lease.tensor(), filled++);
        }

        @Override
        public TensorLease finish() {
            taken = true;
            return lease;
        }

        @Override
        public void close() {
            if (!taken) {
                lease.close();
            }
        }
    }

    /** Cells of text, whose sizes are known when the last has come: until then they lie in parts. */
    final class Text implements Cells {

        private static final int PART_CELLS = 4096;
        private static final int PART_BYTES = 64 << 10;

        private final Shape shape;
        private final TensorPool pool;
        private final List<byte[]> next = new ArrayList<>();
        private final List<TensorLease> parts = new ArrayList<>();
        private long nextBytes;
        private long bytes;

        private Text(Shape shape, TensorPool pool) {
            this.shape = shape;
            this.pool = pool;
        }

        @Override
        public void add(Object cell) {
            byte[] text = (byte[]) cell;
            next.add(text);
            nextBytes += 4L + text.length;
            if (next.size() == PART_CELLS || nextBytes > PART_BYTES) {
                part();
            }
        }

        private void part() {
            parts.add(pool.copyOfBytes(Shape.of(next.size()), next));
            bytes += nextBytes;
            next.clear();
            nextBytes = 0;
        }

        @Override
        public TensorLease finish() {
            if (parts.isEmpty()) {
                return pool.copyOfBytes(shape, next);
            }
            part();
            TensorLease whole = pool.allocate(DataType.UINT8, Shape.of(bytes));
            long offset = 0;
            for (TensorLease part : parts) {
                MemorySegment data = part.tensor().data();
                MemorySegment.copy(data, 0, whole.tensor().data(), offset, data.byteSize());
                offset += data.byteSize();
            }
            return LengthPrefixed.tensor("cells", shape, whole, pool);
        }

        @Override
        public void close() {
            parts.forEach(TensorLease::close);
        }
    }
}
