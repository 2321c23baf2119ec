package dev.slipway.engines.onnxruntime;

import dev.slipway.core.DataType;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Reads maps and sequences as tensors: the values, stacked row by row, and the keys. */
final class SequenceReader {

    private static final int KEYS = 0;
    private static final int VALUES = 1;

    private final OrtEnvironment environment;
    private final OrtApi api;
    private final OrtValues values;
    private final TensorPool pool;

    SequenceReader(OrtEnvironment environment, OrtValues values, TensorPool pool) {
        this.environment = environment;
        this.api = environment.api();
        this.values = values;
        this.pool = pool;
    }

    /** The values of a map, of a sequence of maps, or of a sequence of tensors. */
    TensorLease values(long value, DeclaredValue declared, RunScratch scratch) {
        return switch (declared.form()) {
            case TENSOR -> throw new IllegalArgumentException("output '" + declared.name() + "' is a plain tensor");
            case MAP -> part(value, VALUES, scratch, part -> values.copy(part, declared.dataType(), scratch));
            case MAPS -> stacked(value, declared, scratch, true);
            case TENSORS -> stacked(value, declared, scratch, false);
        };
    }

    /** The keys of a map, or of the first map of a sequence, in the runtime's order; other maps must have as many. */
    TensorLease keys(long value, DeclaredValue declared, DataType keyType, RunScratch scratch) {
        if (declared.form() == DeclaredValue.Form.MAP) {
            return part(value, KEYS, scratch, part -> values.copy(part, keyType, scratch));
        }
        if (count(value, scratch) == 0) {
            Shape none = Shape.of(0);
            return keyType == DataType.BYTES ? pool.allocateBytes(none, 0) : pool.allocate(keyType, none);
        }
        return part(value, 0, scratch, map -> part(map, KEYS, scratch, part -> values.copy(part, keyType, scratch)));
    }

    private TensorLease stacked(long value, DeclaredValue declared, RunScratch scratch, boolean maps) {
        List<TensorLease> parts = new ArrayList<>();
        try {
            long count = count(value, scratch);
            for (long i = 0; i < count; i++) {
                parts.add(part(
                        value,
                        i,
                        scratch,
                        element -> maps
                                ? part(
                                        element,
                                        VALUES,
                                        scratch,
                                        part -> values.copy(part, declared.dataType(), scratch))
                                : values.copy(element, declared.dataType(), scratch)));
            }
            return stack(parts, declared);
        } finally {
            parts.forEach(TensorLease::close);
        }
    }

    private TensorLease stack(List<TensorLease> parts, DeclaredValue declared) {
        Shape shape = stackedShape(parts, declared);
        if (declared.dataType() == DataType.BYTES) {
            List<byte[]> elements = new ArrayList<>();
            for (TensorLease part : parts) {
                for (long i = 0; i < part.tensor().shape().elements(); i++) {
                    elements.add(part.tensor().element(i).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
                }
            }
            return pool.copyOfBytes(shape, elements);
        }
        TensorLease stacked = pool.allocate(declared.dataType(), shape);
        long at = 0;
        for (TensorLease part : parts) {
            long bytes = part.tensor().data().byteSize();
            stacked.tensor().data().asSlice(at, bytes).copyFrom(part.tensor().data());
            at += bytes;
        }
        return stacked;
    }

    private static Shape stackedShape(List<TensorLease> parts, DeclaredValue declared) {
        @Nullable Shape element = null;
        for (TensorLease part : parts) {
            Shape shape = part.tensor().shape();
            if (element != null && !element.equals(shape)) {
                throw new FailureException(new Failure.Unsupported("output '" + declared.name()
                        + "' is a sequence whose elements have different shapes, " + element + " and " + shape
                        + ", which no one tensor can hold"));
            }
            element = shape;
        }
        List<Long> dims = new ArrayList<>();
        dims.add((long) parts.size());
        if (element != null) {
            for (int i = 0; i < element.rank(); i++) {
                dims.add(element.dim(i));
            }
        } else if (declared.form() == DeclaredValue.Form.MAPS) {
            dims.add(0L);
        } else {
            declared.shape().dims().forEach(dim -> dims.add(dim instanceof Dimension.Fixed fixed ? fixed.size() : 0L));
        }
        return Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
    }

    private long count(long value, RunScratch scratch) {
        api.call(OrtFunction.GET_VALUE_COUNT, value, scratch.out().address());
        return OrtApi.read(scratch.out(), 0);
    }

    private TensorLease part(long value, long index, RunScratch scratch, LongFunction<TensorLease> read) {
        api.call(
                OrtFunction.GET_VALUE,
                value,
                index,
                environment.allocator(),
                scratch.out().address());
        long part = OrtApi.read(scratch.out(), 0);
        try {
            return read.apply(part);
        } finally {
            api.release(OrtFunction.RELEASE_VALUE, part);
        }
    }
}
