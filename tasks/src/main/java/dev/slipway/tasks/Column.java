package dev.slipway.tasks;

import dev.slipway.core.DataType;
import dev.slipway.core.Elements;
import dev.slipway.core.Tensor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One feature of a table: its name and what its cells may hold. */
public record Column(String name, DataType dataType) {

    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d{1,6})?");
    private static final Pattern WHOLE = Pattern.compile("[-+]?\\d{1,30}");

    /** A cell of a CSV file as the value that it writes, or the text itself where it writes none. */
    Object fromText(String text) {
        String trimmed = text.strip();
        return switch (dataType) {
            case BYTES -> text;
            case BOOL -> trimmed.equals("true") ? true : trimmed.equals("false") ? (Object) false : text;
            case FP16, BF16, FP32, FP64 ->
                NUMBER.matcher(trimmed).matches() && trimmed.length() <= 400 ? new BigDecimal(trimmed) : text;
            case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 ->
                WHOLE.matcher(trimmed).matches() ? new BigInteger(trimmed.replace("+", "")) : text;
        };
    }

    /**
     * A cell as it will lie in the tensor: {@link Double}, {@link Long} or {@code byte[]}; null after noting a fault.
     */
    @Nullable
    Object cell(@Nullable Object value, List<Object> path, Faults faults) {
        return switch (dataType) {
            case BYTES -> {
                if (value instanceof String text) {
                    yield text.getBytes(StandardCharsets.UTF_8);
                }
                yield fault(path, "text", value, faults);
            }
            case BOOL -> {
                if (value instanceof Boolean truth) {
                    yield truth ? 1L : 0L;
                }
                yield fault(path, "true or false", value, faults);
            }
            case FP16, BF16, FP32, FP64 -> {
                if (!(value instanceof Number number)) {
                    yield fault(path, "a number", value, faults);
                }
                double rounded = rounded(number);
                yield Double.isFinite(rounded)
                        ? (Object) rounded
                        : fault(path, "a number in the range of " + dataType, value, faults);
            }
            case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> {
                BigInteger whole = whole(value);
                if (whole == null) {
                    yield fault(path, "a whole number", value, faults);
                }
                yield dataType.holds(whole)
                        ? (Object) whole.longValue()
                        : fault(path, "a whole number in the range of " + dataType, value, faults);
            }
        };
    }

    /** Writes a cell of a type of fixed size, as {@link #cell} gives it. */
    static void write(Object cell, Tensor tensor, long i) {
        if (cell instanceof Long whole) {
            Elements.setWhole(tensor, i, whole);
        } else {
            Elements.set(tensor, i, (Double) cell);
        }
    }

    /**
     * Writes a cell of a CSV file into a tensor of this column's type, which has elements of fixed size.
     *
     * @throws dev.slipway.core.FailureException {@code BadInput} with a fault at {@code path} when it is none
     */
    public void write(String text, List<Object> path, Tensor tensor, long i) {
        Faults faults = new Faults();
        Object cell = cell(fromText(text), path, faults);
        faults.throwIfAny();
        write(Objects.requireNonNull(cell), tensor, i);
    }

    private static @Nullable Object fault(List<Object> path, String rule, @Nullable Object value, Faults faults) {
        faults.add(path, rule, Faults.describe(value));
        return null;
    }

    /** The nearest number of the column's type, rounded once. */
    private double rounded(Number number) {
        double wide = number.doubleValue();
        return switch (dataType) {
            case FP32 -> narrow(number, wide);
            case FP16 -> Float.float16ToFloat(Float.floatToFloat16(narrow(number, wide)));
            default -> wide;
        };
    }

    private static float narrow(Number number, double wide) {
        if (number instanceof BigDecimal exact) {
            return exact.floatValue();
        }
        boolean midpoint = (Double.doubleToRawLongBits(wide) & 0x1FFFFFFF) == 0x10000000;
        return midpoint ? Float.parseFloat(Double.toString(wide)) : (float) wide;
    }

    private static @Nullable BigInteger whole(@Nullable Object value) {
        return switch (value) {
            case Long number -> BigInteger.valueOf(number);
            case BigInteger number -> number;
            case Integer number -> BigInteger.valueOf(number);
            case Short number -> BigInteger.valueOf(number);
            case Byte number -> BigInteger.valueOf(number);
            case BigDecimal number when number.scale() == 0 -> number.unscaledValue();
            case null, default -> null;
        };
    }
}
