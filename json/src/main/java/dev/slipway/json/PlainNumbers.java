package dev.slipway.json;

import dev.slipway.core.DataType;
import dev.slipway.core.Elements;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Reads numbers that follow each other with a comma and at most a space between them, as long as they are plain: of at most
 * {@value #MAX_DIGITS} digits and without an exponent. What is anything else, wrong or near the end of the text is left to a
 * {@link NumberScanner}, which reads all that is plain to the same values.
 */
final class PlainNumbers {

    private static final ValueLayout.OfLong EIGHT = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_DIGITS = 18;

    /** Characters after which a number is not plain, whatever follows. */
    private static final int LONGEST = 24;

    /** More than is read from where a number begins. */
    private static final int MARGIN = 64;

    private static final long[] TENS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000};

    private final MemorySegment text;
    private long count;

    PlainNumbers(MemorySegment text) {
        this.text = text;
    }

    /** How many numbers were read the last time. */
    long count() {
        return count;
    }

    /**
     * Reads numbers into the memory of a tensor.
     *
     * @param from where the first begins
     * @param at the element of {@code target} that it becomes
     * @param most how many there is room for
     * @return where the last one ends, {@code from} where there is none
     */
    long read(long from, DataType type, MemorySegment target, long at, long most) {
        MemorySegment in = text;
        boolean floating = type.floating();
        long last = in.byteSize() - MARGIN;
        long end = from;
        long next = from;
        long read = 0;
        while (read < most && next <= last) {
            int c = in.get(ValueLayout.JAVA_BYTE, next);
            int minus = c == '-' ? 1 : 0;
            long first = next + minus;
            long i = first;
            c = in.get(ValueLayout.JAVA_BYTE, i);
            boolean zero = c == '0';
            long mantissa = 0;
            while (c >= '0' && c <= '9' && i - first < LONGEST) {
                mantissa = 10 * mantissa + (c - '0');
                c = in.get(ValueLayout.JAVA_BYTE, ++i);
            }
            long whole = i - first;
            if (whole == 0 || (whole > 1 && zero)) {
                break;
            }
            long fraction = 0;
            if (c == '.' && floating) {
                long point = i++;
                do {
                    long eight = in.get(EIGHT, i);
                    int digits = Decimals.digits(eight);
                    mantissa = mantissa * TENS[digits] + Decimals.value(eight, digits);
                    i += digits;
                    c = in.get(ValueLayout.JAVA_BYTE, i);
                } while (c >= '0' && c <= '9' && i - first < LONGEST);
                fraction = i - point - 1;
                if (fraction == 0) {
                    break;
                }
            }
            if ((zero ? 0 : whole) + fraction > MAX_DIGITS || c == '.' || (c | 0x20) == 'e') {
                break;
            }
            boolean stored = floating
                    ? store(mantissa, (int) fraction, minus, type, target, at + read)
                    : store(minus == 0 ? mantissa : -mantissa, type, target, at + read);
            if (!stored) {
                break;
            }
            read++;
            end = i;
            if (c != ',') {
                break;
            }
            next = i + 1;
            if (in.get(ValueLayout.JAVA_BYTE, next) == ' ') {
                next++;
            }
        }
        count = read;
        return end;
    }

    private static boolean store(long mantissa, int fraction, int minus, DataType type, MemorySegment target, long at) {
        double value = Decimals.nearest(mantissa, -fraction);
        double signed = Double.longBitsToDouble(Double.doubleToRawLongBits(value) | (long) minus << 63);
        if (Double.isNaN(value) || (type == DataType.FP32 && !Decimals.roundsOnce(value))) {
            return false;
        }
        Elements.set(type, target, at, signed);
        return true;
    }

    private static boolean store(long value, DataType type, MemorySegment target, long at) {
        if (value < type.least() || (type != DataType.UINT64 && value > type.most())) {
            return false;
        }
        Elements.setWhole(type, target, at, value);
        return true;
    }
}
