package dev.slipway.core;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A shape as a model declares it: some dimensions fixed, some dynamic; or nothing at all, not even the rank.
 *
 * @param ranked whether the number of dimensions is known; if not, {@code dims} is empty
 */
public record DeclaredShape(boolean ranked, List<Dimension> dims) {

    /** A shape of unknown rank, which every shape fits. */
    public static final DeclaredShape ANY = new DeclaredShape(false, List.of());

    public DeclaredShape {
        dims = List.copyOf(dims);
        if (!ranked && !dims.isEmpty()) {
            throw new IllegalArgumentException("a shape of unknown rank has no dimensions, " + dims + " given");
        }
    }

    public static DeclaredShape of(Dimension... dims) {
        return new DeclaredShape(true, List.of(dims));
    }

    /** A declared shape from sizes, where -1 stands for a dynamic dimension without a name. */
    public static DeclaredShape of(long... sizes) {
        return new DeclaredShape(
                true,
                Arrays.stream(sizes)
                        .mapToObj(size -> size == -1 ? Dimension.UNKNOWN : Dimension.of(size))
                        .toList());
    }

    public boolean fits(Shape shape) {
        if (!ranked) {
            return true;
        }
        if (dims.size() != shape.rank()) {
            return false;
        }
        for (int i = 0; i < dims.size(); i++) {
            if (dims.get(i) instanceof Dimension.Fixed fixed && fixed.size() != shape.dim(i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The shape that so many elements fill: the last dynamic dimension takes what the fixed ones leave, the others are 1
     * long. Empty where they do not come out even, and of unknown rank, where one dimension takes all.
     */
    public Optional<Shape> filledBy(long elements) {
        if (!ranked) {
            return Optional.of(Shape.of(elements));
        }
        long[] sizes = sizes().stream().mapToLong(Long::longValue).toArray();
        long fixed = 1;
        int open = -1;
        for (int axis = 0; axis < sizes.length; axis++) {
            if (sizes[axis] < 0) {
                open = axis;
            } else {
                fixed = Math.multiplyExact(fixed, sizes[axis]);
            }
        }
        if (elements == 0 || (open < 0 ? elements != fixed : fixed == 0 || elements % fixed != 0)) {
            return Optional.empty();
        }
        for (int axis = 0; axis < sizes.length; axis++) {
            sizes[axis] = axis == open ? elements / fixed : Math.abs(sizes[axis]);
        }
        return Optional.of(Shape.of(sizes));
    }

    /** The dimensions with -1 for every dynamic one; {@code [-1]} when the rank is unknown. */
    public List<Long> sizes() {
        if (!ranked) {
            return List.of(-1L);
        }
        return dims.stream()
                .map(dim -> switch (dim) {
                    case Dimension.Fixed fixed -> fixed.size();
                    case Dimension.Dynamic _ -> -1L;
                })
                .toList();
    }

    /** The dimensions as in {@code [batch,1,28,28]}; {@code [...]} when the rank is unknown. */
    @Override
    public String toString() {
        return ranked ? dims.stream().map(Object::toString).collect(Collectors.joining(",", "[", "]")) : "[...]";
    }
}
