package dev.slipway.core;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A view of typed, shaped memory: row-major, little-endian, without padding. It owns nothing; its {@link TensorLease}
 * does.
 *
 * <p>A {@link DataType#BYTES} tensor's memory is what Open Inference Protocol V2 sends: each element as a 4-byte
 * little-endian length and its bytes; beside it stands an index, one 64-bit offset per element (of its length field)
 * and one for the end.
 */
public final class Tensor {

    private static final ValueLayout.OfInt LENGTH = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong OFFSET = ValueLayout.JAVA_LONG_UNALIGNED;

    private final DataType dataType;
    private final Shape shape;
    private final MemorySegment data;
    private final MemorySegment index;

    private Tensor(DataType dataType, Shape shape, MemorySegment data, MemorySegment index) {
        this.dataType = dataType;
        this.shape = shape;
        this.data = data;
        this.index = index;
    }

    /**
     * A tensor of elements of fixed size over host memory.
     *
     * @throws IllegalArgumentException when the segment's size is not that of the shape
     */
    public static Tensor of(DataType dataType, Shape shape, MemorySegment data) {
        long expected = byteSize(dataType, shape);
        if (data.byteSize() != expected) {
            throw new IllegalArgumentException(
                    data.byteSize() + " bytes given, " + dataType + shape + " needs " + expected);
        }
        return new Tensor(dataType, shape, data, MemorySegment.NULL);
    }

    /**
     * A tensor of byte strings over length-prefixed elements.
     *
     * @param index one 64-bit offset into {@code data} per element, and one for the end
     * @throws IllegalArgumentException when the index does not have one entry more than the shape has elements
     */
    public static Tensor ofBytes(Shape shape, MemorySegment data, MemorySegment index) {
        if (index.byteSize() != 8 * (shape.elements() + 1)) {
            throw new IllegalArgumentException("index of " + index.byteSize() / 8 + " offsets given, BYTES" + shape
                    + " needs " + (shape.elements() + 1));
        }
        return new Tensor(DataType.BYTES, shape, data, index);
    }

    /**
     * The bytes that a tensor of this type and shape takes.
     *
     * @throws IllegalArgumentException for {@link DataType#BYTES}, or when the product exceeds 2^63-1
     */
    public static long byteSize(DataType dataType, Shape shape) {
        if (dataType == DataType.BYTES) {
            throw new IllegalArgumentException("a BYTES tensor has no size that follows from its shape");
        }
        long elements = shape.elements();
        if (elements > Long.MAX_VALUE / dataType.bytes()) {
            throw new IllegalArgumentException(
                    dataType.toString() + shape + " takes more bytes than a 64-bit number can count");
        }
        return elements * dataType.bytes();
    }

    public DataType dataType() {
        return dataType;
    }

    public Shape shape() {
        return shape;
    }

    /** The memory, exactly as long as the elements; for BYTES the length-prefixed elements. */
    public MemorySegment data() {
        return data;
    }

    /** The offsets of the elements of a BYTES tensor; {@link MemorySegment#NULL} for other types. */
    public MemorySegment index() {
        return index;
    }

    /** The bytes of element {@code i} of a BYTES tensor, in row-major order, without its length. */
    public MemorySegment element(long i) {
        long offset = index.getAtIndex(OFFSET, i);
        return data.asSlice(offset + 4, Integer.toUnsignedLong(data.get(LENGTH, offset)));
    }

    /** The elements of a BYTES tensor as UTF-8 text, in row-major order: for labels and messages. */
    public List<String> strings() {
        List<String> strings = new ArrayList<>();
        for (long i = 0; i < shape.elements(); i++) {
            strings.add(new String(element(i).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8));
        }
        return strings;
    }

    /** Rows {@code first} to {@code first + rows} along the first dimension, in the same memory. */
    public Tensor rows(long first, long rows) {
        Shape part = shape.withFirst(rows);
        if (dataType == DataType.BYTES) {
            long perRow = shape.dim(0) == 0 ? 0 : shape.elements() / shape.dim(0);
            MemorySegment offsets = index.asSlice(8 * first * perRow, 8 * (rows * perRow + 1));
            return new Tensor(dataType, part, data, offsets);
        }
        long row = shape.dim(0) == 0 ? 0 : data.byteSize() / shape.dim(0);
        return new Tensor(dataType, part, data.asSlice(first * row, rows * row), MemorySegment.NULL);
    }

    /** The same memory under another shape of as many elements. */
    public Tensor reshape(Shape other) {
        if (other.elements() != shape.elements()) {
            throw new IllegalArgumentException(dataType.toString() + shape + " cannot be reshaped to " + other);
        }
        return new Tensor(dataType, other, data, index);
    }

    /**
     * The bytes of this tensor as V2 sends them: of a slice of a BYTES tensor only its own elements.
     */
    public MemorySegment wire() {
        if (dataType != DataType.BYTES) {
            return data;
        }
        long start = index.getAtIndex(OFFSET, 0);
        return data.asSlice(start, index.getAtIndex(OFFSET, shape.elements()) - start);
    }

    @Override
    public String toString() {
        return dataType.toString() + shape;
    }
}
