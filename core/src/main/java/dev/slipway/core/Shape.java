package dev.slipway.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The dimensions of a tensor, outermost first; a scalar has none, and a dimension may be zero. */
public final class Shape {

    public static final Shape SCALAR = new Shape(new long[0], 1);

    private final long[] dims;
    private final long elements;

    private Shape(long[] dims, long elements) {
        this.dims = dims;
        this.elements = elements;
    }

    /**
     * A shape of these dimensions.
     *
     * @throws IllegalArgumentException when a dimension is negative or the number of elements exceeds 2^63-1
     */
    public static Shape of(long... dims) {
        return dims.length == 0 ? SCALAR : new Shape(dims.clone(), product(dims));
    }

    private static long product(long[] dims) {
        boolean empty = false;
        for (long dim : dims) {
            if (dim < 0) {
                throw new IllegalArgumentException(
                        "shape " + Arrays.toString(dims) + " has the negative dimension " + dim);
            }
            empty |= dim == 0;
        }
        if (empty) {
            return 0;
        }
        long product = 1;
        for (long dim : dims) {
            long next = product * dim;
            if (Math.multiplyHigh(product, dim) != 0 || next < 0) {
                throw new IllegalArgumentException(
                        "shape " + Arrays.toString(dims) + " has more elements than a 64-bit number can count");
            }
            product = next;
        }
        return product;
    }

    public int rank() {
        return dims.length;
    }

    public long dim(int axis) {
        return dims[axis];
    }

    /** As many elements in row-major order as lists in lists; a scalar as it is. */
    public Object nested(List<?> elements) {
        List<Object> level = new ArrayList<>(elements);
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            int size = Math.toIntExact(dims[axis]);
            List<Object> outer = new ArrayList<>();
            for (int at = 0; at < level.size(); at += size) {
                outer.add(List.copyOf(level.subList(at, at + size)));
            }
            level = outer;
        }
        return level.getFirst();
    }

    /** The number of elements: the product of the dimensions, 1 for a scalar. */
    public long elements() {
        return elements;
    }

    public long[] toArray() {
        return dims.clone();
    }

    /** This shape with another first dimension. */
    public Shape withFirst(long first) {
        if (dims.length == 0) {
            throw new IllegalStateException("a scalar has no first dimension");
        }
        long[] copy = dims.clone();
        copy[0] = first;
        return of(copy);
    }

    /** Whether the shapes are alike in all dimensions but the first. */
    public boolean sameRow(Shape other) {
        return dims.length > 0
                && dims.length == other.dims.length
                && Arrays.equals(dims, 1, dims.length, other.dims, 1, dims.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** The dimensions as in {@code [1,28,28]}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < dims.length; i++) {
            text.append(i == 0 ? "" : ",").append(dims[i]);
        }
        return text.append(']').toString();
    }
}
