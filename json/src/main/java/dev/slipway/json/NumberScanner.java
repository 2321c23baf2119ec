package dev.slipway.json;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Scans JSON numbers out of native memory in one pass and without garbage, each to exactly the value that
 * {@link Double#parseDouble} or {@link Float#parseFloat} gives it.
 *
 * <p>Eight digits are read at a time and made a value by {@link Decimals}. Where that does not decide, the JDK does.
 */
final class NumberScanner {

    /** The longest text of a number that is read. */
    static final int MAX_LENGTH = 1000;

    private static final ValueLayout.OfLong EIGHT = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_DIGITS = 19;
    private static final int EXPONENT_CAP = 100_000;

    private final MemorySegment text;
    private final long limit;
    private long start;
    private long end;
    private boolean negative;
    private boolean whole;
    private boolean truncated;
    private int digits;
    private long mantissa;
    private int exponent;

    NumberScanner(MemorySegment text) {
        this.text = text;
        this.limit = text.byteSize();
    }

    /** Scans the number that begins at {@code from} and returns where it ends; its value is then at hand. */
    long scan(long from) {
        start = from;
        long i = from;
        negative = digitAt(i) == '-' - '0';
        if (negative) {
            i++;
        }
        long first = i;
        int digit = digitAt(i);
        long value = 0;
        if (digit == 0) {
            i++;
            if (isDigit(digitAt(i))) {
                throw Malformed.at(text, i, "no digit after a leading 0");
            }
        } else if (isDigit(digit)) {
            do {
                value = 10 * value + digit;
                digit = digitAt(++i);
            } while (isDigit(digit));
        } else {
            throw Malformed.at(text, i, "a digit");
        }
        int count = (int) Math.min(i - first, EXPONENT_CAP);
        int power = 0;
        whole = true;
        if (i < limit && text.get(ValueLayout.JAVA_BYTE, i) == '.') {
            whole = false;
            long fraction = ++i;
            while (i + 8 <= limit) {
                long eight = text.get(EIGHT, i);
                if (Decimals.digits(eight) != 8) {
                    break;
                }
                value = 100_000_000 * value + Decimals.value(eight, 8);
                i += 8;
            }
            for (digit = digitAt(i); isDigit(digit); digit = digitAt(++i)) {
                value = 10 * value + digit;
            }
            if (i == fraction) {
                throw Malformed.at(text, i, "a digit after the decimal point");
            }
            power = (int) -Math.min(i - fraction, EXPONENT_CAP);
            count -= power;
        }
        long digitsEnd = i;
        if (i < limit && (text.get(ValueLayout.JAVA_BYTE, i) | 0x20) == 'e') {
            whole = false;
            i = scanExponent(i + 1);
            power += exponent;
        }
        end = i;
        if (i - start > MAX_LENGTH) {
            throw JsonFailure.syntax(
                    start, "a number of " + (i - start) + " characters given, at most " + MAX_LENGTH + " are read");
        }
        mantissa = value;
        exponent = power;
        digits = count;
        truncated = false;
        if (count > MAX_DIGITS) {
            keepLeadingDigits(first, digitsEnd);
        }
        return i;
    }

    private long scanExponent(long from) {
        long i = from;
        int sign = digitAt(i);
        if (sign == '-' - '0' || sign == '+' - '0') {
            i++;
        }
        int digit = digitAt(i);
        if (!isDigit(digit)) {
            throw Malformed.at(text, i, "a digit of an exponent");
        }
        int value = 0;
        for (; isDigit(digit); digit = digitAt(++i)) {
            value = Math.min(10 * value + digit, EXPONENT_CAP);
        }
        exponent = sign == '-' - '0' ? -value : value;
        return i;
    }

    private void keepLeadingDigits(long from, long to) {
        long value = 0;
        int taken = 0;
        int dropped = 0;
        for (long i = from; i < to; i++) {
            int digit = digitAt(i);
            if (!isDigit(digit) || (taken == 0 && digit == 0)) {
                continue;
            }
            if (taken < MAX_DIGITS) {
                value = 10 * value + digit;
                taken++;
            } else {
                dropped++;
            }
        }
        mantissa = value;
        digits = taken + dropped;
        exponent += dropped;
        truncated = dropped > 0;
    }

    /** The byte at {@code i} as a digit; something that is none for any other byte and at the end. */
    private int digitAt(long i) {
        return i < limit ? text.get(ValueLayout.JAVA_BYTE, i) - '0' : Integer.MIN_VALUE;
    }

    private static boolean isDigit(int digit) {
        return digit >= 0 && digit <= 9;
    }

    /** Whether it is a whole number from -2^63 to 2^63-1; {@link #longValue} is then exact. */
    boolean fitsLong() {
        return whole && digits <= MAX_DIGITS && (mantissa >= 0 || (negative && mantissa == Long.MIN_VALUE));
    }

    long longValue() {
        return negative ? -mantissa : mantissa;
    }

    /** Whether it is a whole number from 0 to 2^64-1; {@link #unsignedValue} is then exact. */
    boolean fitsUnsigned() {
        if (!whole || (negative && mantissa != 0) || digits > MAX_DIGITS + 1) {
            return false;
        }
        return digits <= MAX_DIGITS
                || Long.compareUnsigned(mantissa, 1844674407370955161L) < 0
                || (mantissa == 1844674407370955161L && lastDigit() <= 5);
    }

    long unsignedValue() {
        return digits <= MAX_DIGITS ? mantissa : 10 * mantissa + lastDigit();
    }

    private int lastDigit() {
        return digitAt(end - 1);
    }

    boolean negative() {
        return negative;
    }

    /** The number rounded to the nearest double, ties to even; infinite beyond the range. */
    double doubleValue() {
        double value = Decimals.nearest(mantissa, exponent);
        if (truncated && value != Decimals.nearest(mantissa + 1, exponent)) {
            value = Double.NaN;
        }
        if (Double.isNaN(value)) {
            return Double.parseDouble(text());
        }
        return negative ? -value : value;
    }

    /** The number rounded to the nearest float, ties to even; infinite beyond the range. */
    float floatValue() {
        double value = doubleValue();
        return Decimals.roundsOnce(value) ? (float) value : Float.parseFloat(text());
    }

    /** The number as it stands in the text. */
    String text() {
        byte[] slice = text.asSlice(start, end - start).toArray(ValueLayout.JAVA_BYTE);
        return new String(slice, StandardCharsets.US_ASCII);
    }
}
