package dev.slipway.embed;

import dev.slipway.core.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer's values free of tensor memory: every tensor becomes nested lists of numbers, booleans or text. */
final class HeapValues {

    private HeapValues() {}

    static @Nullable Object of(@Nullable Object value) {
        return switch (value) {
            case Tensor tensor -> nested(tensor, 0, 0, tensor.shape().elements());
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> copy = new LinkedHashMap<>();
                map.forEach((name, member) -> copy.put(String.valueOf(name), of(member)));
                yield copy;
            }
            case List<?> list -> {
                List<@Nullable Object> copy = new ArrayList<>(list.size());
                list.forEach(element -> copy.add(of(element)));
                yield copy;
            }
            case null, default -> value;
        };
    }

    /** The elements from {@code first} on, as the axes from {@code axis} on nest them. */
    private static Object nested(Tensor tensor, int axis, long first, long elements) {
        if (axis == tensor.shape().rank()) {
            return element(tensor, first);
        }
        long size = tensor.shape().dim(axis);
        List<Object> list = new ArrayList<>();
        for (long i = 0; i < size; i++) {
            list.add(nested(tensor, axis + 1, first + i * (elements / size), elements / size));
        }
        return list;
    }

    private static Object element(Tensor tensor, long i) {
        MemorySegment data = tensor.data();
        return switch (tensor.dataType()) {
            case BOOL -> data.get(ValueLayout.JAVA_BYTE, i) != 0;
            case UINT8 -> (long) Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, i));
            case INT8 -> (long) data.get(ValueLayout.JAVA_BYTE, i);
            case UINT16 -> (long) Short.toUnsignedInt(data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i));
            case INT16 -> (long) data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i);
            case UINT32 -> Integer.toUnsignedLong(data.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i));
            case INT32 -> (long) data.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i);
            case UINT64 -> new BigInteger(Long.toUnsignedString(data.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i)));
            case INT64 -> data.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i);
            case FP16 -> Float.float16ToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i));
            case BF16 -> Float.intBitsToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i) << 16);
            case FP32 -> data.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
            case FP64 -> data.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i);
            case BYTES ->
                new String(tensor.element(i).toArray(ValueLayout.JAVA_BYTE), java.nio.charset.StandardCharsets.UTF_8);
        };
    }
}
