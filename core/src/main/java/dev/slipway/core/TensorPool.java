package dev.slipway.core;

import java.util.List;

/**
 * Where tensor memory comes from: the only maker of leases, so that every live one is counted. Memory is 64-byte
 * aligned and is not cleared.
 */
public interface TensorPool {

    /**
     * Memory for a tensor of elements of fixed size.
     *
     * @throws FailureException {@link Failure.Overloaded} when the pool's limit would be exceeded
     */
    TensorLease allocate(DataType dataType, Shape shape);

    /**
     * Memory for a BYTES tensor: length-prefixed elements and their index, both to be filled by the caller.
     *
     * @param bytes the size of all elements with their 4-byte lengths
     * @throws FailureException {@link Failure.Overloaded} when the pool's limit would be exceeded
     */
    TensorLease allocateBytes(Shape shape, long bytes);

    /** A counted lease of memory that somebody else owns (an engine's own value), given back by {@code release}. */
    TensorLease adopt(Tensor tensor, Runnable release);

    /**
     * A BYTES tensor of these elements, copied.
     *
     * @throws IllegalArgumentException when they are not as many as the shape has
     */
    default TensorLease copyOfBytes(Shape shape, List<byte[]> elements) {
        if (elements.size() != shape.elements()) {
            throw new IllegalArgumentException(
                    elements.size() + " elements given, BYTES" + shape + " needs " + shape.elements());
        }
        long bytes = 0;
        for (byte[] element : elements) {
            bytes += 4L + element.length;
        }
        TensorLease lease = allocateBytes(shape, bytes);
        LengthPrefixed.write(elements, lease.tensor());
        return lease;
    }

    /** The number of leases not yet given back. */
    long leases();

    /** The bytes that live leases hold, without what the pool keeps for later. */
    long bytesInUse();
}
