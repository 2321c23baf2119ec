package dev.slipway.core;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/** BYTES elements as Open Inference Protocol V2 sends them: each a 4-byte little-endian length and its bytes. */
public final class LengthPrefixed {

    private static final ValueLayout.OfInt LENGTH = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private LengthPrefixed() {}

    /**
     * A BYTES tensor over bytes from outside, every length checked; only the index is new memory.
     *
     * @param what how failures call it: {@code input 'x'}
     * @param bytes as UINT8[n]; the tensor takes the claim over, also when this fails
     * @throws FailureException {@code BadInput} when the lengths do not add up to exactly the shape's elements
     */
    public static TensorLease tensor(String what, Shape shape, TensorLease bytes, TensorPool pool) {
        try {
            MemorySegment data = bytes.tensor().data();
            requireRoom(what, shape, data.byteSize());
            TensorLease index = pool.allocate(DataType.INT64, Shape.of(shape.elements() + 1));
            try {
                fill(what, shape.elements(), data, index.tensor().data());
            } catch (FailureException e) {
                index.close();
                throw e;
            }
            return pool.adopt(Tensor.ofBytes(shape, data, index.tensor().data()), () -> {
                index.close();
                bytes.close();
            });
        } catch (FailureException e) {
            bytes.close();
            throw e;
        }
    }

    private static void requireRoom(String what, Shape shape, long size) {
        if (shape.elements() > size / 4) {
            throw failure(what + ": " + size + " bytes given, too few for the lengths of the " + shape.elements()
                    + " elements of shape " + shape);
        }
    }

    private static void fill(String what, long elements, MemorySegment data, MemorySegment index) {
        long offset = 0;
        for (long i = 0; i < elements; i++) {
            if (data.byteSize() - offset < 4) {
                throw failure(what + ": the bytes end before the length of element " + i + " of " + elements);
            }
            long length = Integer.toUnsignedLong(data.get(LENGTH, offset));
            if (length > data.byteSize() - offset - 4) {
                throw failure(what + ": element " + i + " claims " + length + " bytes, "
                        + (data.byteSize() - offset - 4) + " are left");
            }
            index.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i, offset);
            offset += 4 + length;
        }
        if (offset != data.byteSize()) {
            throw failure(what + ": " + (data.byteSize() - offset) + " bytes are left after the " + elements
                    + " elements of the shape");
        }
        index.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, elements, offset);
    }

    /** Writes elements with their lengths, and their offsets, into a BYTES tensor that has just room for them. */
    static void write(List<byte[]> elements, Tensor tensor) {
        MemorySegment data = tensor.data();
        MemorySegment index = tensor.index();
        long offset = 0;
        for (int i = 0; i < elements.size(); i++) {
            byte[] element = elements.get(i);
            index.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i, offset);
            data.set(LENGTH, offset, element.length);
            MemorySegment.copy(element, 0, data, ValueLayout.JAVA_BYTE, offset + 4, element.length);
            offset += 4L + element.length;
        }
        index.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, elements.size(), offset);
    }

    private static FailureException failure(String detail) {
        return new FailureException(Failure.BadInput.of(detail));
    }
}
