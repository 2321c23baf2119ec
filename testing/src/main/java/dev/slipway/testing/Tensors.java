package dev.slipway.testing;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.slipway.core.DataType;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Tensors out of Java values for tests, and the values out of tensors. */
public final class Tensors {

    private Tensors() {}

    public static NamedTensor floats(TensorPool pool, String name, Shape shape, float... values) {
        TensorLease lease = pool.allocate(DataType.FP32, shape);
        MemorySegment.copy(values, 0, lease.tensor().data(), JAVA_FLOAT_UNALIGNED, 0, values.length);
        return new NamedTensor(name, lease);
    }

    public static NamedTensor longs(TensorPool pool, String name, Shape shape, long... values) {
        TensorLease lease = pool.allocate(DataType.INT64, shape);
        MemorySegment.copy(values, 0, lease.tensor().data(), JAVA_LONG_UNALIGNED, 0, values.length);
        return new NamedTensor(name, lease);
    }

    public static NamedTensor strings(TensorPool pool, String name, Shape shape, String... values) {
        List<byte[]> elements = Arrays.stream(values)
                .map(value -> value.getBytes(StandardCharsets.UTF_8))
                .toList();
        return new NamedTensor(name, pool.copyOfBytes(shape, elements));
    }

    /** A tensor of any type of fixed size, from its bytes. */
    public static NamedTensor raw(TensorPool pool, String name, DataType type, Shape shape, byte... bytes) {
        TensorLease lease = pool.allocate(type, shape);
        MemorySegment.copy(bytes, 0, lease.tensor().data(), JAVA_BYTE, 0, bytes.length);
        return new NamedTensor(name, lease);
    }

    public static float[] floats(Tensor tensor) {
        return tensor.data().toArray(JAVA_FLOAT_UNALIGNED);
    }

    public static long[] longs(Tensor tensor) {
        return tensor.data().toArray(JAVA_LONG_UNALIGNED);
    }

    public static byte[] raw(Tensor tensor) {
        return tensor.data().toArray(JAVA_BYTE);
    }
}
