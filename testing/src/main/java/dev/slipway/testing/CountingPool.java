package dev.slipway.testing;

import dev.slipway.core.DataType;
import dev.slipway.core.Shape;
import dev.slipway.core.SlabPool;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A pool that remembers where each live lease was made. Registered as a JUnit extension, it fails a test that ends with
 * a live lease, showing the places.
 */
public final class CountingPool implements TensorPool, AfterEachCallback {

    private final SlabPool pool = new SlabPool(1L << 32, 1L << 26);
    private final Set<Throwable> live = ConcurrentHashMap.newKeySet();

    @Override
    public TensorLease allocate(DataType dataType, Shape shape) {
        return tracked(pool.allocate(dataType, shape));
    }

    @Override
    public TensorLease allocateBytes(Shape shape, long bytes) {
        return tracked(pool.allocateBytes(shape, bytes));
    }

    @Override
    public TensorLease adopt(Tensor tensor, Runnable release) {
        return tracked(pool.adopt(tensor, release));
    }

    private TensorLease tracked(TensorLease lease) {
        Throwable origin = new Throwable(lease.tensor() + " leased here and never given back");
        live.add(origin);
        return new TensorLease(lease.tensor(), () -> {
            live.remove(origin);
            lease.close();
        });
    }

    @Override
    public long leases() {
        return live.size();
    }

    @Override
    public long bytesInUse() {
        return pool.bytesInUse();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (!live.isEmpty()) {
            AssertionError error = new AssertionError(live.size() + " tensor leases were never given back");
            live.forEach(error::addSuppressed);
            throw error;
        }
    }
}
