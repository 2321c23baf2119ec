package dev.slipway.server;

import dev.slipway.core.ByteBudget;
import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** Pool memory that a body is read into: of its size where that is known, else growing by doubling. */
final class BodySlab {

    private static final long FIRST = 4096;
    private static final long ALIGNMENT = 64;

    private final TensorPool pool;
    private final ByteBudget budget;
    private final long limit;
    private final int lead;
    private final String what;
    private TensorLease lease;
    private long size;
    private long held;

    /**
     * A slab.
     *
     * @param expected the size if it is known, else -1
     * @param limit the most bytes that it takes
     * @param aligned the byte of the body that is to lie on a 64-byte boundary
     * @param what how failures call the content: {@code body}
     */
    BodySlab(TensorPool pool, ByteBudget budget, long expected, long limit, long aligned, String what) {
        this.pool = pool;
        this.budget = budget;
        this.limit = limit;
        this.lead = (int) (-aligned & (ALIGNMENT - 1));
        this.what = what;
        this.lease = allocate(expected >= 0 ? expected : Math.min(FIRST, limit));
    }

    /** Memory of this capacity; the budget counts only what it is more than before, which is given back at once. */
    private TensorLease allocate(long capacity) {
        long more = capacity - held;
        if (!budget.tryTake(more)) {
            throw new FailureException(new Failure.Overloaded(
                    "requests in flight hold " + budget.held() + " of " + budget.limit() + " bytes, " + more
                            + " more do not fit; try again soon",
                    Duration.ofSeconds(1)));
        }
        try {
            TensorLease memory = pool.allocate(DataType.UINT8, Shape.of(lead + capacity));
            held = capacity;
            return memory;
        } catch (RuntimeException | Error e) {
            budget.giveBack(more);
            throw e;
        }
    }

    long size() {
        return size;
    }

    private long capacity() {
        return lease.tensor().data().byteSize() - lead;
    }

    /** Room for more bytes: at least one, at most as many as fit. */
    MemorySegment room(long wanted) {
        if (size == capacity()) {
            grow(size + 1);
        }
        return lease.tensor().data().asSlice(lead + size, Math.min(wanted, capacity() - size));
    }

    /** Takes note that bytes were written into {@link #room}. */
    void wrote(long bytes) {
        size += bytes;
    }

    void append(MemorySegment bytes) {
        long needed = size + bytes.byteSize();
        if (needed > capacity()) {
            grow(needed);
        }
        MemorySegment.copy(bytes, 0, lease.tensor().data(), lead + size, bytes.byteSize());
        size = needed;
    }

    private void grow(long needed) {
        if (needed > limit) {
            throw new FailureException(
                    new Failure.TooLarge(what + " is larger than the " + limit + " bytes that are allowed"));
        }
        TensorLease larger = allocate(Math.min(limit, Math.max(needed, 2 * capacity())));
        MemorySegment.copy(lease.tensor().data(), lead, larger.tensor().data(), lead, size);
        lease.close();
        lease = larger;
    }

    /** The body, whose last claim gives the memory and the budget back; the slab must not be used after. */
    TensorLease finish() {
        TensorLease memory = lease;
        long bytes = held;
        Tensor exact =
                Tensor.of(DataType.UINT8, Shape.of(size), memory.tensor().data().asSlice(lead, size));
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
