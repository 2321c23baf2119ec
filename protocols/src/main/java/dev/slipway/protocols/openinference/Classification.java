package dev.slipway.protocols.openinference;

import dev.slipway.core.DataType;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Triton's classification extension: an output becomes the best classes of each row, as strings {@code value:index} or
 * {@code value:index:label} (server/src/classification.cc).
 */
public final class Classification {

    private static final long MOST_ELEMENTS = 1_000_000;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private Classification() {}

    /**
     * The best classes of each row, as BYTES[rows, n] or BYTES[n], n the smaller of {@code classes} and what there is.
     *
     * @param batched whether the first dimension counts rows
     * @param labels names by class index; may be fewer than classes
     * @throws dev.slipway.core.FailureException {@code BadInput} for a tensor that holds no numbers
     */
    public static TensorLease of(Tensor tensor, int classes, boolean batched, List<String> labels, TensorPool pool) {
        if (tensor.dataType() == DataType.BYTES
                || tensor.dataType() == DataType.BOOL
                || tensor.dataType() == DataType.FP16
                || tensor.dataType() == DataType.BF16) {
            throw InputCheck.plain(
                    "class result not available for output due to unsupported type '" + tensor.dataType() + "'");
        }
        Shape shape = tensor.shape();
        boolean rows = batched && shape.rank() > 0;
        long batch = rows ? shape.dim(0) : 1;
        long perRow = batch == 0 ? 0 : shape.elements() / batch;
        if (perRow > MOST_ELEMENTS) {
            throw InputCheck.plain("classification output tensor too large");
        }
        int count = (int) Math.min(Math.max(0, classes), perRow);
        List<byte[]> strings = new ArrayList<>();
        for (long row = 0; row < batch; row++) {
            best(tensor, row * perRow, (int) perRow, count, labels, strings);
        }
        return pool.copyOfBytes(rows ? Shape.of(batch, count) : Shape.of(count), strings);
    }

    private static void best(
            Tensor tensor, long from, int elements, int count, List<String> labels, List<byte[]> strings) {
        Comparator<Integer> descending = (left, right) -> compare(tensor, from + right, from + left);
        List<Integer> order =
                IntStream.range(0, elements).boxed().sorted(descending).toList();
        for (int index : order.subList(0, count)) {
            String label = index < labels.size() ? ":" + labels.get(index) : "";
            strings.add((text(tensor, from + index) + ":" + index + label).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static int compare(Tensor tensor, long left, long right) {
        return switch (tensor.dataType()) {
            case FP32, FP64 -> Double.compare(floating(tensor, left), floating(tensor, right));
            case UINT64 -> Long.compareUnsigned(integer(tensor, left), integer(tensor, right));
            case UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 ->
                Long.compare(integer(tensor, left), integer(tensor, right));
            case BOOL, FP16, BF16, BYTES -> throw new IllegalStateException(tensor.dataType() + " is refused before");
        };
    }

    /** As C++'s {@code std::to_string} has it. */
    private static String text(Tensor tensor, long i) {
        return switch (tensor.dataType()) {
            case FP32, FP64 -> String.format(Locale.ROOT, "%f", floating(tensor, i));
            case UINT64 -> Long.toUnsignedString(integer(tensor, i));
            case UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> Long.toString(integer(tensor, i));
            case BOOL, FP16, BF16, BYTES -> throw new IllegalStateException(tensor.dataType() + " is refused before");
        };
    }

    private static double floating(Tensor tensor, long i) {
        MemorySegment data = tensor.data();
        return tensor.dataType() == DataType.FP32
                ? data.get(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER), 4 * i)
                : data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ORDER), 8 * i);
    }

    private static long integer(Tensor tensor, long i) {
        MemorySegment data = tensor.data();
        return switch (tensor.dataType()) {
            case UINT8 -> Byte.toUnsignedLong(data.get(ValueLayout.JAVA_BYTE, i));
            case INT8 -> data.get(ValueLayout.JAVA_BYTE, i);
            case UINT16 -> Short.toUnsignedLong(data.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER), 2 * i));
            case INT16 -> data.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER), 2 * i);
            case UINT32 -> Integer.toUnsignedLong(data.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER), 4 * i));
            case INT32 -> data.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER), 4 * i);
            case UINT64, INT64 -> data.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ORDER), 8 * i);
            case BOOL, FP16, BF16, FP32, FP64, BYTES ->
                throw new IllegalStateException(tensor.dataType() + " is no integer");
        };
    }
}
