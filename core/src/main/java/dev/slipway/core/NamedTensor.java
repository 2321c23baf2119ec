package dev.slipway.core;

import java.util.Collection;

/** A tensor under the name of the model's input or output that it is; whoever holds it gives its claim back. */
public record NamedTensor(String name, TensorLease lease) implements AutoCloseable {

    public Tensor tensor() {
        return lease.tensor();
    }

    @Override
    public void close() {
        lease.close();
    }

    public static void closeAll(Collection<NamedTensor> tensors) {
        tensors.forEach(NamedTensor::close);
    }
}
