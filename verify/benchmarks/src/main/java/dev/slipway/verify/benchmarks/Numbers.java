package dev.slipway.verify.benchmarks;

import java.util.Locale;

/** Figures as people read them. */
final class Numbers {

    private Numbers() {}

    /** With as many digits as mean something: 0.031, 1.07, 34.1, 44965. */
    static String text(double value) {
        double size = Math.abs(value);
        if (value == Math.rint(value) && size < 1e9) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        String form = size < 0.1 ? "%.3f" : size < 10 ? "%.2f" : size < 1000 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, form, value);
    }

    static String text(Series series) {
        return text(series.median()) + " [" + text(series.low()) + ", " + text(series.high()) + "]";
    }
}
