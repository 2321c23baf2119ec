package dev.slipway.json;

/**
 * Decimal numbers as binary ones. A number of at most 2^53 with a power of ten of at most 22 is one exact multiplication or
 * division (Clinger, "How to Read Floating Point Numbers Accurately", 1990); others are multiplied by 128 bits of a power of
 * five (Lemire, "Number Parsing at a Gigabyte per Second", 2021).
 */
final class Decimals {

    private static final long ZEROS = 0x3030303030303030L;
    private static final double[] TENS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private Decimals() {}

    /** How many of eight characters, the first one in the lowest byte, are digits before one that is none. */
    static int digits(long eight) {
        long t = eight ^ ZEROS;
        return Long.numberOfTrailingZeros(((t + 0x7676767676767676L) | t) & 0x8080808080808080L) >>> 3;
    }

    /** The number that the first {@code digits} of eight characters write; 0 for none of them. */
    static long value(long eight, int digits) {
        int half = 4 * (8 - digits);
        long value = (eight ^ ZEROS) << half << half;
        value = value * 10 + (value >>> 8);
        return ((value & 0x000000FF000000FFL) * 0x000F424000000064L
                        + ((value >>> 16) & 0x000000FF000000FFL) * 0x0000271000000001L)
                >>> 32;
    }

    /** Whether rounding a double that was rounded to nearest to a float gives what rounding once would. */
    static boolean roundsOnce(double value) {
        boolean midpoint = (Double.doubleToRawLongBits(value) & 0x1FFFFFFF) == 0x10000000;
        return value == 0 || (!midpoint && Math.abs(value) >= Float.MIN_NORMAL);
    }

    /** The double nearest to {@code mantissa}, unsigned, times ten to the {@code exponent}; NaN where that is not decided. */
    static double nearest(long mantissa, int exponent) {
        if (mantissa >= 0 && mantissa <= 1L << 53 && exponent >= -22 && exponent <= 22) {
            return exponent < 0 ? mantissa / TENS[-exponent] : mantissa * TENS[exponent];
        }
        return byPowerOfFive(mantissa, exponent);
    }

    private static double byPowerOfFive(long w, int q) {
        if (w == 0 || q < PowersOfFive.LEAST) {
            return 0;
        }
        if (q > PowersOfFive.GREATEST) {
            return Double.POSITIVE_INFINITY;
        }
        int zeros = Long.numberOfLeadingZeros(w);
        long shifted = w << zeros;
        long high = Math.unsignedMultiplyHigh(shifted, PowersOfFive.high(q));
        long low = shifted * PowersOfFive.high(q);
        if ((high & 0x1FF) == 0x1FF) {
            long more = Math.unsignedMultiplyHigh(shifted, PowersOfFive.low(q));
            low += more;
            if (Long.compareUnsigned(more, low) > 0) {
                high++;
            }
        }
        if (low == -1 && (q < -27 || q > 55)) {
            return Double.NaN;
        }
        int upper = (int) (high >>> 63);
        long bits = high >>> (upper + 9);
        int power = ((217_706 * q) >> 16) + 63 + upper - zeros + 1023;
        if (power <= 0) {
            if (power <= -63) {
                return 0;
            }
            bits >>>= 1 - power;
            return Double.longBitsToDouble((bits + (bits & 1)) >>> 1);
        }
        if (Long.compareUnsigned(low, 1) <= 0 && q >= -4 && q <= 23 && (bits & 3) == 1 && bits << (upper + 9) == high) {
            bits &= ~1L;
        }
        bits = (bits + (bits & 1)) >>> 1;
        if (bits >= 1L << 53) {
            bits = 1L << 52;
            power++;
        }
        return power >= 0x7FF
                ? Double.POSITIVE_INFINITY
                : Double.longBitsToDouble((long) power << 52 | (bits & ~(1L << 52)));
    }
}
