package dev.slipway.json;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;

/** Numbers of all kinds, many of them as hard to round as can be. */
final class RandomNumbers {

    private RandomNumbers() {}

    /** A number as JSON may write it. */
    static String next(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> finite(Double.longBitsToDouble(random.nextLong()));
            case 1 -> finite(Float.intBitsToFloat(random.nextInt()));
            case 2 -> Float.toString(random.nextFloat());
            case 3 -> Double.toString(random.nextGaussian());
            case 4 -> Double.toString((float) random.nextGaussian());
            case 5 -> digits(random, 1 + random.nextInt(25)) + "." + digits(random, 1 + random.nextInt(25));
            case 6 -> digits(random, 1 + random.nextInt(22)) + "e" + (random.nextInt(700) - 350);
            case 7 ->
                "0." + "0".repeat(random.nextInt(30)) + digits(random, 1 + random.nextInt(20)) + "E-"
                        + random.nextInt(60);
            case 8 -> halfwayDouble(random);
            case 9 -> halfwayFloat(random);
            case 10 -> nearHalfway(halfwayDouble(random), random);
            default -> nearHalfway(halfwayFloat(random), random);
        };
    }

    private static String finite(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "1";
    }

    private static String digits(Random random, int count) {
        StringBuilder digits = new StringBuilder().append((char) ('1' + random.nextInt(9)));
        for (int i = 1; i < count; i++) {
            digits.append((char) ('0' + random.nextInt(10)));
        }
        return digits.toString();
    }

    private static String halfwayDouble(Random random) {
        double low =
                Math.abs(Double.longBitsToDouble(random.nextLong() & (random.nextBoolean() ? -1L : (1L << 54) - 1)));
        return Double.isFinite(low) && low < Double.MAX_VALUE
                ? halfway(new BigDecimal(low), new BigDecimal(Math.nextUp(low)))
                : "1";
    }

    private static String halfwayFloat(Random random) {
        float low = Math.abs(Float.intBitsToFloat(random.nextInt()));
        return Float.isFinite(low) && low < Float.MAX_VALUE
                ? halfway(new BigDecimal(low), new BigDecimal(Math.nextUp(low)))
                : "1";
    }

    private static String halfway(BigDecimal low, BigDecimal high) {
        return low.add(high).divide(BigDecimal.valueOf(2)).toString();
    }

    private static String nearHalfway(String halfway, Random random) {
        BigDecimal value = new BigDecimal(halfway);
        return value.round(new MathContext(15 + random.nextInt(10))).toString();
    }
}
