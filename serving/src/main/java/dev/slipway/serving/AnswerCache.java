package dev.slipway.serving;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.slipway.core.Claims;
import dev.slipway.core.DataSize;
import dev.slipway.core.DataType;
import dev.slipway.core.FailureException;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The answers that a server keeps for requests which come again, bounded by the bytes that they hold. */
final class AnswerCache {

    /** What an answer takes beside its tensors' bytes, so that a great many small ones are bounded as well. */
    private static final long OVERHEAD = 512;

    private static final ValueLayout.OfLong OFFSET = ValueLayout.JAVA_LONG_UNALIGNED;

    /** An answer, whose memory goes back once it is no longer kept and nobody is about to claim it. */
    private record Kept(List<NamedTensor> outputs, long bytes, Claims claims) {}

    private final TensorPool pool;
    private final long limit;
    private final Cache<RequestKey, Kept> answers;
    private final AtomicLong bytes = new AtomicLong();
    private final LongAdder evictions = new LongAdder();

    AnswerCache(DataSize limit, TensorPool pool) {
        this.pool = pool;
        this.limit = limit.bytes();
        this.answers = Caffeine.newBuilder()
                .maximumWeight(limit.bytes())
                .weigher((RequestKey _, Kept kept) -> (int) kept.bytes())
                .executor(Runnable::run)
                .removalListener(this::removed)
                .build();
    }

    private void removed(@Nullable RequestKey key, @Nullable Kept kept, RemovalCause cause) {
        if (kept != null) {
            bytes.addAndGet(-kept.bytes());
            if (cause.wasEvicted()) {
                evictions.increment();
            }
            kept.claims().close();
        }
    }

    /** The outputs kept for a request, with claims that are the caller's; null when there are none. */
    @Nullable
    List<NamedTensor> find(RequestKey key) {
        Kept kept = answers.getIfPresent(key);
        if (kept == null || !kept.claims().tryClaim()) {
            return null;
        }
        try {
            return NamedTensor.retainAll(kept.outputs());
        } finally {
            kept.claims().release();
        }
    }

    /** Keeps a {@link #copy}, which becomes the cache's. */
    void keep(RequestKey key, List<NamedTensor> copy) {
        long held = held(copy);
        bytes.addAndGet(held);
        answers.put(key, new Kept(copy, held, new Claims(() -> NamedTensor.closeAll(copy))));
    }

    /**
     * Outputs in memory of their own: as views they would keep the memory of a whole batch or of the engine. Null when
     * there is no room for them.
     */
    @Nullable
    List<NamedTensor> copy(List<NamedTensor> outputs) {
        if (held(outputs) > Math.min(limit, Integer.MAX_VALUE)) {
            return null;
        }
        List<NamedTensor> copies = new ArrayList<>();
        try {
            for (NamedTensor output : outputs) {
                copies.add(new NamedTensor(output.name(), copy(output.tensor())));
            }
            return copies;
        } catch (FailureException e) { // the pool is full
            NamedTensor.closeAll(copies);
            return null;
        }
    }

    private TensorLease copy(Tensor tensor) {
        if (tensor.dataType() != DataType.BYTES) {
            TensorLease lease = pool.allocate(tensor.dataType(), tensor.shape());
            lease.tensor().data().copyFrom(tensor.data());
            return lease;
        }
        TensorLease lease = pool.allocateBytes(tensor.shape(), tensor.wire().byteSize());
        lease.tensor().data().copyFrom(tensor.wire());
        long first = tensor.index().getAtIndex(OFFSET, 0);
        for (long i = 0; i <= tensor.shape().elements(); i++) {
            lease.tensor().index().setAtIndex(OFFSET, i, tensor.index().getAtIndex(OFFSET, i) - first);
        }
        return lease;
    }

    private static long held(List<NamedTensor> outputs) {
        long sum = OVERHEAD;
        for (NamedTensor output : outputs) {
            Tensor tensor = output.tensor();
            sum += tensor.wire().byteSize();
            sum += tensor.dataType() == DataType.BYTES ? 8 * (tensor.shape().elements() + 1) : 0;
        }
        return sum;
    }

    /** Gives back what is kept of a version. */
    void forget(ServedVersion version) {
        answers.asMap().keySet().removeIf(key -> key.version() == version);
    }

    CacheUse use() {
        return new CacheUse(bytes.get(), evictions.sum());
    }
}
