package dev.slipway.serving;

import dev.slipway.core.DataType;
import dev.slipway.core.Elements;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes up rows of input: ordinary ones, and extreme ones that no row beside them may feel. */
final class MadeUpRows {

    private static final ValueLayout.OfInt LENGTH = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final RowBank bank;

    MadeUpRows(RowBank bank) {
        this.bank = bank;
    }

    /** Rows of normally distributed numbers, of whole numbers that are 0 or 1 (bytes: 0 to 255), of one-letter texts. */
    List<RowBank.Row> ordinary(int count, RandomGenerator random) {
        List<RowBank.Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row(type -> switch (type) {
                case UINT8 -> random.nextInt(256);
                case FP16, BF16, FP32, FP64 -> random.nextGaussian();
                case BOOL, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES -> random.nextInt(2);
            }));
        }
        return rows;
    }

    /** Rows as {@link #ordinary}, of numbers up to ten thousand times as large and of letters from the whole alphabet. */
    List<RowBank.Row> large(int count, RandomGenerator random) {
        List<RowBank.Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row(type -> switch (type) {
                case BOOL -> random.nextInt(2);
                case BYTES -> random.nextInt(26);
                case UINT8, INT8 -> random.nextInt(128);
                case FP16 -> 100 * random.nextGaussian();
                case BF16, FP32, FP64 -> 10_000 * random.nextGaussian();
                case UINT16, UINT32, UINT64, INT16, INT32, INT64 -> random.nextInt(10_000);
            }));
        }
        return rows;
    }

    /** A row of zeros, and for models of floating-point numbers one of huge numbers, one of huge negative ones, one of tiny ones and one of NaN. */
    List<RowBank.Row> extreme() {
        List<RowBank.Row> rows = new ArrayList<>();
        rows.add(row(_ -> 0));
        if (bank.columns().stream().anyMatch(column -> column.dataType().floating())) {
            rows.add(row(type -> type.floating() ? huge(type) : 0));
            rows.add(row(type -> type.floating() ? -huge(type) : 0));
            rows.add(row(type -> type.floating() ? 1 / huge(type) : 0));
            rows.add(row(type -> type.floating() ? Double.NaN : 0));
        }
        return rows;
    }

    private static double huge(DataType type) {
        return type == DataType.FP16 ? 30_000 : 1e30;
    }

    private interface Numbers {
        double next(DataType type);
    }

    private RowBank.Row row(Numbers numbers) {
        return new RowBank.Row(bank.columns().stream()
                .map(column -> part(column.dataType(), column.row().elements(), numbers))
                .toList());
    }

    private static MemorySegment part(DataType type, long elements, Numbers numbers) {
        int size = type == DataType.BYTES ? 5 : type.bytes();
        MemorySegment part = MemorySegment.ofArray(new byte[Math.toIntExact(elements * size)]);
        for (long i = 0; i < elements; i++) {
            if (type == DataType.BYTES) {
                part.set(LENGTH, 5 * i, 1);
                part.set(ValueLayout.JAVA_BYTE, 5 * i + 4, (byte) ('a' + (int) numbers.next(type)));
            } else {
                Elements.set(type, part, i, numbers.next(type));
            }
        }
        return part;
    }
}
