package dev.slipway.server;

import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Pool memory that a body is read into. It grows with what has come, whatever the headers promise: a client that
 * declares much and sends little holds little. A declared body of at most {@value #AT_ONCE} bytes never moves, a longer
 * one each time that it is {@value #GROWTH} times as long.
 */
final class BodySlab {

    /** The most that is set aside before more has come; what is declared to be smaller gets just that. */
    static final long AT_ONCE = 64 << 10;

    private static final long GROWTH = 32;
    private static final long UNDECLARED = 4096;
    private static final long ALIGNMENT = 64;

    private final TensorPool pool;
    private final BodyBudget budget;
    private final long declared;
    private final long limit;
    private final int lead;
    private final String what;
    private @Nullable TensorLease lease;
    private MemorySegment memory = MemorySegment.NULL;
    private long size;
    private long capacity;

    /**
     * A slab that holds nothing yet.
     *
     * @param declared the size if it is known, else -1; refused when there is no room for it now
     * @param limit the most bytes that it takes
     * @param aligned the byte of the body that is to lie on a 64-byte boundary
     * @param what how failures call the content: {@code body}
     */
    BodySlab(TensorPool pool, BodyBudget budget, long declared, long limit, long aligned, String what) {
        this.pool = pool;
        this.budget = budget;
        this.declared = declared;
        this.limit = limit;
        this.lead = (int) (-aligned & (ALIGNMENT - 1));
        this.what = what;
        budget.requireRoom(Math.max(0, declared));
    }

    long size() {
        return size;
    }

    /** Room for more bytes: at least one, at most as many as fit. */
    MemorySegment room(long wanted) {
        if (size == capacity) {
            grow(size + 1);
        }
        return memory.asSlice(lead + size, Math.min(wanted, capacity - size));
    }

    /** Takes note that bytes were written into {@link #room}. */
    void wrote(long bytes) {
        size += bytes;
    }

    void append(MemorySegment bytes) {
        long needed = size + bytes.byteSize();
        if (needed > capacity) {
            grow(needed);
        }
        MemorySegment.copy(bytes, 0, memory, lead + size, bytes.byteSize());
        size = needed;
    }

    private void grow(long needed) {
        if (needed > limit) {
            throw new FailureException(
                    new Failure.TooLarge(what + " is larger than the " + limit + " bytes that are allowed"));
        }
        boolean known = declared >= needed;
        long step = known ? Math.max(AT_ONCE, GROWTH * capacity) : Math.max(UNDECLARED, 2 * capacity);
        hold(Math.min(known ? declared : limit, Math.max(needed, step)));
    }

    /** Holds this much; the budget counts only what it is more than before, which is given back at once. */
    private void hold(long wanted) {
        long more = wanted - capacity;
        budget.take(more);
        TensorLease larger;
        try {
            larger = pool.allocate(DataType.UINT8, Shape.of(lead + wanted));
        } catch (RuntimeException | Error e) {
            budget.giveBack(more);
            throw e;
        }
        MemorySegment to = larger.tensor().data();
        if (lease != null) {
            MemorySegment.copy(memory, lead, to, lead, size);
            lease.close();
        }
        lease = larger;
        memory = to;
        capacity = wanted;
    }

    /** The body, whose last claim gives the memory and the budget back; the slab must not be used after. */
    TensorLease finish() {
        if (lease == null) {
            hold(0);
        }
        TensorLease whole = lease;
        long bytes = capacity;
        if (whole == null) {
            throw new IllegalStateException("nothing is held");
        }
        lease = null;
        Tensor exact = Tensor.of(DataType.UINT8, Shape.of(size), memory.asSlice(lead, size));
        return new TensorLease(exact, () -> {
            whole.close();
            budget.giveBack(bytes);
        });
    }

    /** Gives everything back. */
    void abandon() {
        if (lease != null) {
            lease.close();
            budget.giveBack(capacity);
            lease = null;
        }
    }
}
