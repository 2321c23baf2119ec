package dev.slipway.protocols.openinference;

import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Triton's classification extension: a tensor of scores becomes BYTES elements {@code value:index[:label]}, the highest
 * first, written as Triton's {@code classification.cc} does (floats with six decimals).
 */
public final class Classification {

    private Classification() {}

    /**
     * The {@code count} highest classes of each row.
     *
     * @param scores [rows, classes...] where {@code batched}, else one row of everything
     * @return BYTES[rows, n] or BYTES[n], n the smaller of {@code count} and the classes
     * @throws FailureException {@code BadInput} for a tensor that holds no numbers
     */
    public static TensorLease of(Tensor scores, int count, boolean batched, List<String> labels, TensorPool pool) {
        Shape shape = scores.shape();
        boolean rowed = batched && shape.rank() > 0;
        long rows = rowed ? shape.dim(0) : 1;
        int classes = rows == 0 ? 0 : Math.toIntExact(shape.elements() / rows);
        int top = Math.min(count, classes);
        List<byte[]> elements = new ArrayList<>();
        for (long row = 0; row < rows; row++) {
            long base = row * classes;
            IntStream.range(0, classes)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> -value(scores, base + i)))
                    .limit(top)
                    .map(i -> element(scores, base + i, i, labels))
                    .forEach(elements::add);
        }
        return pool.copyOfBytes(rowed ? Shape.of(rows, top) : Shape.of(top), elements);
    }

    private static byte[] element(Tensor scores, long at, int index, List<String> labels) {
        double value = value(scores, at);
        String text =
                scores.dataType().floating() ? String.format(Locale.ROOT, "%f", value) : Long.toString((long) value);
        String label = index < labels.size() ? ":" + labels.get(index) : "";
        return (text + ":" + index + label).getBytes(StandardCharsets.UTF_8);
    }

    private static double value(Tensor scores, long i) {
        MemorySegment data = scores.data();
        return switch (scores.dataType()) {
            case FP32 -> data.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
            case FP64 -> data.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i);
            case FP16 -> Float.float16ToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i));
            case BF16 -> Float.intBitsToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i) << 16);
            case INT8 -> data.get(ValueLayout.JAVA_BYTE, i);
            case UINT8, BOOL -> Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, i));
            case INT16 -> data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i);
            case UINT16 -> Short.toUnsignedInt(data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i));
            case INT32 -> data.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i);
            case UINT32 -> Integer.toUnsignedLong(data.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i));
            case INT64, UINT64 -> data.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i);
            case BYTES ->
                throw new FailureException(
                        Failure.BadInput.of(DataType.BYTES + " outputs have no classes to choose from"));
        };
    }
}
