package dev.slipway.server;

import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.lang.foreign.MemorySegment;

/** Pool memory that a body is read into: of its size where that is known, else growing by doubling. */
final class BodySlab {

    private static final long FIRST = 4096;

    private final TensorPool pool;
    private final ByteBudget budget;
    private final long limit;
    private final String what;
    private TensorLease lease;
    private long size;
    private long held;

    /**
     * A slab.
     *
     * @param expected the size if it is known, else -1
     * @param limit the most bytes that it takes
     * @param what how failures call the content: {@code body}
     */
    BodySlab(TensorPool pool, ByteBudget budget, long expected, long limit, String what) {
        this.pool = pool;
        this.budget = budget;
        this.limit = limit;
        this.what = what;
        long first = expected >= 0 ? expected : Math.min(FIRST, limit);
        budget.take(first);
        this.held = first;
        this.lease = allocate(pool, first);
    }

    private TensorLease allocate(TensorPool from, long bytes) {
        try {
            return from.allocate(DataType.UINT8, Shape.of(bytes));
        } catch (RuntimeException e) {
            budget.giveBack(held);
            held = 0;
            throw e;
        }
    }

    long size() {
        return size;
    }

    /** Room for more bytes: at least one, at most as many as fit. */
    MemorySegment room(long wanted) {
        long capacity = lease.tensor().data().byteSize();
        if (size == capacity) {
            grow(size + 1);
            capacity = lease.tensor().data().byteSize();
        }
        return lease.tensor().data().asSlice(size, Math.min(wanted, capacity - size));
    }

    /** Takes note that bytes were written into {@link #room}. */
    void wrote(long bytes) {
        size += bytes;
    }

    void append(MemorySegment bytes) {
        long needed = size + bytes.byteSize();
        if (needed > lease.tensor().data().byteSize()) {
            grow(needed);
        }
        MemorySegment.copy(bytes, 0, lease.tensor().data(), size, bytes.byteSize());
        size = needed;
    }

    private void grow(long needed) {
        if (needed > limit) {
            throw new FailureException(
                    new Failure.TooLarge(what + " is larger than the " + limit + " bytes that are allowed"));
        }
        long capacity =
                Math.min(limit, Math.max(needed, 2 * lease.tensor().data().byteSize()));
        budget.take(capacity - held);
        TensorLease larger;
        try {
            larger = pool.allocate(DataType.UINT8, Shape.of(capacity));
        } catch (RuntimeException e) {
            budget.giveBack(capacity - held);
            throw e;
        }
        MemorySegment.copy(lease.tensor().data(), 0, larger.tensor().data(), 0, size);
        lease.close();
        lease = larger;
        held = capacity;
    }

    /** The body, whose last claim gives the memory and the budget back; the slab must not be used after. */
    TensorLease finish() {
        TensorLease memory = lease;
        long bytes = held;
        Tensor exact =
                Tensor.of(DataType.UINT8, Shape.of(size), memory.tensor().data().asSlice(0, size));
        return new TensorLease(exact, () -> {
            memory.close();
            budget.giveBack(bytes);
        });
    }

    /** Gives everything back. */
    void abandon() {
        lease.close();
        budget.giveBack(held);
    }
}
