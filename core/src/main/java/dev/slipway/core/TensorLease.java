package dev.slipway.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A counted claim on a tensor's memory. It starts with one claim; {@link #retain} adds one, {@link #close} gives one
 * back, and the last one returns the memory to where it came from. Safe for use by several threads.
 */
public final class TensorLease implements AutoCloseable {

    private static final VarHandle CLAIMS;

    static {
        try {
            CLAIMS = MethodHandles.lookup().findVarHandle(TensorLease.class, "claims", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Tensor tensor;
    private final Runnable release;

    @SuppressWarnings("unused") // through CLAIMS
    private volatile int claims = 1;

    /** A lease whose last claim, when given back, runs {@code release} once. Pools make leases; see {@link TensorPool}. */
    public TensorLease(Tensor tensor, Runnable release) {
        this.tensor = tensor;
        this.release = release;
    }

    public Tensor tensor() {
        return tensor;
    }

    /**
     * Adds a claim.
     *
     * @throws IllegalStateException when the memory was already given back
     */
    public TensorLease retain() {
        for (; ; ) {
            int now = (int) CLAIMS.getVolatile(this);
            if (now == 0) {
                throw new IllegalStateException("tensor " + tensor + " was already given back");
            }
            if (CLAIMS.compareAndSet(this, now, now + 1)) {
                return this;
            }
        }
    }

    /** A lease of another view of the same memory, which it keeps claimed until it is itself given back. */
    public TensorLease view(Tensor view) {
        retain();
        return new TensorLease(view, this::close);
    }

    /**
     * Gives one claim back.
     *
     * @throws IllegalStateException when there is none left
     */
    @Override
    public void close() {
        int now;
        do {
            now = (int) CLAIMS.getVolatile(this);
            if (now == 0) {
                throw new IllegalStateException("tensor " + tensor + " was given back more often than claimed");
            }
        } while (!CLAIMS.compareAndSet(this, now, now - 1));
        if (now == 1) {
            release.run();
        }
    }
}
