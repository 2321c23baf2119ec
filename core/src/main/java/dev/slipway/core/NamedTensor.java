package dev.slipway.core;

import java.util.Collection;
import java.util.List;

/** A tensor under the name of the model's input or output that it is; whoever holds it gives its claim back. */
public record NamedTensor(String name, TensorLease lease) implements AutoCloseable {

    public Tensor tensor() {
        return lease.tensor();
    }

    @Override
    public void close() {
        lease.close();
    }

    /** Further claims on the same tensors. */
    public static List<NamedTensor> retainAll(Collection<NamedTensor> tensors) {
        return tensors.stream()
                .map(tensor -> new NamedTensor(tensor.name(), tensor.lease().retain()))
                .toList();
    }

    public static void closeAll(Collection<NamedTensor> tensors) {
        tensors.forEach(NamedTensor::close);
    }
}
