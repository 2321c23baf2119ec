package dev.slipway.core;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A pool of native memory in slabs of power-of-two sizes, kept for later use up to a limit.
 *
 * <p>Slabs up to {@value #CHUNK} bytes are cut from chunks that live as long as the pool; a larger slab has an arena of its own
 * (closing one costs tens of microseconds, little beside filling it), as have small ones where there are chunks enough, so
 * that memory above {@code keepBytes} goes back to the system.
 */
public final class SlabPool implements TensorPool, AutoCloseable {

    private static final int CHUNK = 1 << 20;
    private static final int SMALLEST = 8;
    private static final int LARGEST = 40;

    /** Memory, and the arena that is its own; null for a piece of a chunk. */
    private record Slab(MemorySegment memory, @Nullable Arena own) {

        void free() {
            if (own != null) {
                own.close();
            }
        }
    }

    private final long maxBytes;
    private final long keepHalf;
    private final Arena chunks = Arena.ofShared();
    private final List<Queue<Slab>> idle;
    private final ByteBudget inUse;
    private final AtomicLong kept = new AtomicLong();
    private final AtomicLong carved = new AtomicLong();
    private final LongAdder live = new LongAdder();
    private final Object carving = new Object();
    private MemorySegment chunk = MemorySegment.NULL;

    /**
     * A pool.
     *
     * @param maxBytes the most that live leases may hold together
     * @param keepBytes the most that is kept for later: one half in chunks, the other in idle slabs with an arena of their own
     */
    public SlabPool(long maxBytes, long keepBytes) {
        this.maxBytes = maxBytes;
        this.inUse = new ByteBudget(maxBytes);
        this.keepHalf = keepBytes / 2;
        @SuppressWarnings({"unchecked", "rawtypes"})
        Queue<Slab>[] queues = new Queue[LARGEST - SMALLEST + 1];
        Arrays.setAll(queues, _ -> new ConcurrentLinkedQueue<>());
        this.idle = List.of(queues);
    }

    @Override
    public TensorLease allocate(DataType dataType, Shape shape) {
        long bytes = Tensor.byteSize(dataType, shape);
        Slab slab = take(bytes);
        return lease(Tensor.of(dataType, shape, slab.memory().asSlice(0, bytes)), slab);
    }

    @Override
    public TensorLease allocateBytes(Shape shape, long bytes) {
        long indexBytes = indexBytes(shape);
        long indexAt = (bytes + 7) & -8L;
        Slab slab = take(Math.addExact(indexAt, indexBytes));
        MemorySegment memory = slab.memory();
        return lease(Tensor.ofBytes(shape, memory.asSlice(0, bytes), memory.asSlice(indexAt, indexBytes)), slab);
    }

    private long indexBytes(Shape shape) {
        if (shape.elements() >= maxBytes / 8) {
            throw tooLarge(shape.elements());
        }
        return 8 * (shape.elements() + 1);
    }

    @Override
    public TensorLease adopt(Tensor tensor, Runnable release) {
        live.increment();
        return new TensorLease(tensor, () -> {
            live.decrement();
            release.run();
        });
    }

    private TensorLease lease(Tensor tensor, Slab slab) {
        live.increment();
        return new TensorLease(tensor, () -> {
            live.decrement();
            giveBack(slab);
        });
    }

    private static int sizeClass(long bytes) {
        return Math.max(0, 64 - Long.numberOfLeadingZeros(Math.max(1, bytes) - 1) - SMALLEST);
    }

    private Slab take(long bytes) {
        int sizeClass = sizeClass(bytes);
        long size = 1L << (sizeClass + SMALLEST);
        if (sizeClass >= idle.size() || size > maxBytes) {
            throw tooLarge(bytes);
        }
        if (!inUse.tryTake(size)) {
            throw overloaded(bytes);
        }
        Slab slab = idle.get(sizeClass).poll();
        if (slab == null) {
            try {
                return size <= CHUNK && carved.get() < keepHalf ? carve(size) : own(size);
            } catch (OutOfMemoryError e) {
                inUse.giveBack(size);
                throw overloaded(bytes);
            }
        }
        if (slab.own() != null) {
            kept.addAndGet(-size);
        }
        return slab;
    }

    private FailureException tooLarge(long bytes) {
        return new FailureException(new Failure.TooLarge(
                "tensor memory: " + bytes + " bytes asked for, and there are " + maxBytes + " in all"));
    }

    private FailureException overloaded(long bytes) {
        return new FailureException(new Failure.Overloaded(
                "tensor memory: " + bytes + " bytes asked for, " + inUse.held() + " of " + maxBytes + " in use",
                Duration.ofSeconds(1)));
    }

    private Slab carve(long size) {
        synchronized (carving) {
            if (chunk.byteSize() < size) {
                chunk = chunks.allocate(CHUNK, 64);
                carved.addAndGet(CHUNK);
            }
            MemorySegment memory = chunk.asSlice(0, size);
            chunk = chunk.asSlice(size);
            return new Slab(memory, null);
        }
    }

    private static Slab own(long size) {
        Arena arena = Arena.ofShared();
        return new Slab(arena.allocate(size, 64), arena);
    }

    private void giveBack(Slab slab) {
        long size = slab.memory().byteSize();
        inUse.giveBack(size);
        if (slab.own() != null && kept.addAndGet(size) > keepHalf) {
            kept.addAndGet(-size);
            slab.free();
            return;
        }
        idle.get(sizeClass(size)).add(slab);
    }

    @Override
    public long leases() {
        return live.sum();
    }

    @Override
    public long bytesInUse() {
        return inUse.held();
    }

    /**
     * Returns all memory to the system.
     *
     * @throws IllegalStateException when a lease is still live
     */
    @Override
    public void close() {
        if (leases() != 0) {
            throw new IllegalStateException(leases() + " tensor leases are still live");
        }
        for (Queue<Slab> slabs : idle) {
            for (Slab slab = slabs.poll(); slab != null; slab = slabs.poll()) {
                slab.free();
            }
        }
        chunks.close();
    }
}
