package dev.slipway.protocols.openinference;

import dev.slipway.core.DataType;
import dev.slipway.core.Elements;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
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
            case FP32, FP64 -> Double.compare(Elements.get(tensor, left), Elements.get(tensor, right));
            case UINT64 -> Long.compareUnsigned(Elements.whole(tensor, left), Elements.whole(tensor, right));
            case UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 ->
                Long.compare(Elements.whole(tensor, left), Elements.whole(tensor, right));
            case BOOL, FP16, BF16, BYTES -> throw new IllegalStateException(tensor.dataType() + " is refused before");
        };
    }

    /** As C++'s {@code std::to_string} has it. */
    private static String text(Tensor tensor, long i) {
        return switch (tensor.dataType()) {
            case FP32, FP64 -> String.format(Locale.ROOT, "%f", Elements.get(tensor, i));
            case UINT64 -> Long.toUnsignedString(Elements.whole(tensor, i));
            case UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> Long.toString(Elements.whole(tensor, i));
            case BOOL, FP16, BF16, BYTES -> throw new IllegalStateException(tensor.dataType() + " is refused before");
        };
    }
}
