package dev.slipway.tasks;

import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.LongStream;

/**
 * How the instances of a request lie in one tensor of the graph: along its first dimension, or a single one as it is.
 *
 * @param spec the tensor
 * @param stacked whether the first dimension counts instances
 * @param row the shape of one instance
 */
record Batch(TensorSpec spec, boolean stacked, DeclaredShape row) {

    /** A tensor whose first dimension counts instances, if it has one more than an instance. */
    static Batch of(TensorSpec spec, int instanceRank) {
        DeclaredShape shape = spec.shape();
        if (!shape.ranked()) {
            return new Batch(spec, true, DeclaredShape.ANY);
        }
        List<Dimension> dims = shape.dims();
        if (dims.size() == instanceRank + 1) {
            return new Batch(spec, true, new DeclaredShape(true, dims.subList(1, dims.size())));
        }
        if (dims.size() == instanceRank) {
            return new Batch(spec, false, shape);
        }
        throw new FailureException(Failure.BadInput.of("input '" + spec.name() + "' of the graph is " + spec.dataType()
                + shape + ", which an instance of " + instanceRank + " dimensions does not fit"));
    }

    /** Refuses more or fewer instances than the graph takes at once. */
    void requireTakes(int instances) {
        if (!stacked && instances != 1) {
            throw tooMany("one instance", instances);
        }
        boolean ranked = spec.shape().ranked();
        if (stacked
                && ranked
                && spec.shape().dims().getFirst() instanceof Dimension.Fixed fixed
                && fixed.size() != instances) {
            throw tooMany(fixed.size() == 1 ? "one instance" : "exactly " + fixed.size() + " instances", instances);
        }
    }

    private FailureException tooMany(String taken, int instances) {
        return Faults.one(
                List.of("body"),
                taken + " per request, as input '" + spec.name() + "' is " + spec.dataType() + spec.shape(),
                instances + " instances");
    }

    /** The shape of so many instances. */
    Shape shape(int instances, Shape instance) {
        if (!stacked) {
            return instance;
        }
        return Shape.of(LongStream.concat(LongStream.of(instances), LongStream.of(instance.toArray()))
                .toArray());
    }

    /** The instances, which are alike in shape and stay the caller's, in one tensor. */
    TensorLease stack(List<TensorLease> instances, TensorPool pool) {
        Tensor first = instances.getFirst().tensor();
        Shape shape = shape(instances.size(), first.shape());
        if (!spec.shape().fits(shape)) {
            throw new FailureException(Failure.BadInput.of(
                    "input '" + spec.name() + "': shape " + shape + " given, the model takes " + spec.shape()));
        }
        if (instances.size() == 1) {
            return instances.getFirst().view(first.reshape(shape));
        }
        TensorLease whole = pool.allocate(first.dataType(), shape);
        long offset = 0;
        for (TensorLease instance : instances) {
            MemorySegment data = instance.tensor().data();
            MemorySegment.copy(data, 0, whole.tensor().data(), offset, data.byteSize());
            offset += data.byteSize();
        }
        return whole;
    }
}
