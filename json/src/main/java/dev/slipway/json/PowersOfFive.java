package dev.slipway.json;

import java.math.BigInteger;

/**
 * The most significant 128 bits of 5^q for q from {@value #LEAST} to {@value #GREATEST}, rounded as Lemire's "Number
 * Parsing at a Gigabyte per Second" (2021) needs them: down for positive q, up for negative.
 */
final class PowersOfFive {

    static final int LEAST = -342;
    static final int GREATEST = 308;

    private static final long[] HIGH = new long[GREATEST - LEAST + 1];
    private static final long[] LOW = new long[GREATEST - LEAST + 1];

    static {
        for (int q = LEAST; q <= GREATEST; q++) {
            BigInteger bits = q < 0 ? reciprocal(-q) : power(q);
            HIGH[q - LEAST] = bits.shiftRight(64).longValue();
            LOW[q - LEAST] = bits.longValue();
        }
    }

    private PowersOfFive() {}

    private static BigInteger power(int q) {
        BigInteger power = BigInteger.valueOf(5).pow(q);
        return power.shiftLeft(128 - power.bitLength());
    }

    private static BigInteger reciprocal(int q) {
        BigInteger power = BigInteger.valueOf(5).pow(q);
        int length = power.bitLength();
        int scale = q <= 27 ? length + 127 : 2 * length + 128;
        BigInteger bits = BigInteger.ONE.shiftLeft(scale).divide(power).add(BigInteger.ONE);
        return bits.shiftRight(Math.max(0, bits.bitLength() - 128));
    }

    static long high(int q) {
        return HIGH[q - LEAST];
    }

    static long low(int q) {
        return LOW[q - LEAST];
    }
}
