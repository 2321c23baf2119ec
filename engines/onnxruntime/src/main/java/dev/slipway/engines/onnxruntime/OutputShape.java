package dev.slipway.engines.onnxruntime;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be said of an output's shape before a run: its dimensions fixed, or named like dimensions of the inputs. */
final class OutputShape {

    /** Where a dynamic dimension's size can be seen. */
    private record Place(int input, int axis) {}

    /** A size, or, where there are places, whatever stands there. */
    private record Source(long size, List<Place> places) {}

    private final boolean predictable;
    private final List<Source> sources;

    OutputShape(DeclaredShape declared, List<TensorSpec> inputs) {
        List<Source> found = new ArrayList<>();
        boolean all = declared.ranked() && declared.dims().size() <= RunScratch.MAX_RANK;
        for (Dimension dim : declared.dims()) {
            Source source = switch (dim) {
                case Dimension.Fixed fixed -> new Source(fixed.size(), List.of());
                case Dimension.Dynamic dynamic -> new Source(-1, places(dynamic.name(), inputs));
            };
            all &= source.size() >= 0 || !source.places().isEmpty();
            found.add(source);
        }
        this.predictable = all;
        this.sources = List.copyOf(found);
    }

    private static List<Place> places(String name, List<TensorSpec> inputs) {
        List<Place> places = new ArrayList<>();
        for (int input = 0; input < inputs.size() && !name.isEmpty(); input++) {
            List<Dimension> dims = inputs.get(input).shape().dims();
            for (int axis = 0; axis < dims.size(); axis++) {
                if (dims.get(axis) instanceof Dimension.Dynamic dynamic
                        && dynamic.name().equals(name)) {
                    places.add(new Place(input, axis));
                }
            }
        }
        return places;
    }

    boolean predictable() {
        return predictable;
    }

    /** The shape that follows from these inputs; null when they disagree on a name, leave it open or make it too large. */
    @Nullable
    Shape from(@Nullable Shape[] inputs, DataType type) {
        long[] dims = new long[sources.size()];
        for (int i = 0; i < dims.length; i++) {
            Source source = sources.get(i);
            long size = source.size() >= 0 ? source.size() : seen(source.places(), inputs);
            if (size < 0) {
                return null;
            }
            dims[i] = size;
        }
        try {
            Shape shape = Shape.of(dims);
            return Tensor.byteSize(type, shape) >= 0 ? shape : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static long seen(List<Place> places, @Nullable Shape[] inputs) {
        long size = -1;
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            Shape shape = inputs[place.input()];
            if (shape == null) {
                continue;
            }
            long dim = shape.dim(place.axis());
            if (size >= 0 && dim != size) {
                return -1;
            }
            size = dim;
        }
        return size;
    }
}
