package dev.slipway.steps.image;

import java.util.function.DoubleUnaryOperator;

/**
 * For each output position along an axis, which input positions count and how much: a filter that grows with the
 * reduction, so that every input pixel is seen. Pillow's {@code precompute_coeffs} (Resample.c), which PyTorch's
 * antialiased interpolation follows.
 */
final class AntialiasWindows {

    final int[] first;
    final double[][] weights;

    AntialiasWindows(int from, int to, double radius, DoubleUnaryOperator filter) {
        double scale = (double) from / to;
        double filterScale = Math.max(scale, 1.0);
        double support = radius * filterScale;
        first = new int[to];
        weights = new double[to][];
        for (int out = 0; out < to; out++) {
            double center = (out + 0.5) * scale;
            int start = Math.max((int) (center - support + 0.5), 0);
            int end = Math.min((int) (center + support + 0.5), from);
            first[out] = start;
            weights[out] = normalized(start, end, center, 1.0 / filterScale, filter);
        }
    }

    private static double[] normalized(
            int start, int end, double center, double inverseScale, DoubleUnaryOperator filter) {
        double[] window = new double[end - start];
        double sum = 0;
        for (int i = 0; i < window.length; i++) {
            window[i] = filter.applyAsDouble((i + start - center + 0.5) * inverseScale);
            sum += window[i];
        }
        for (int i = 0; i < window.length && sum != 0; i++) {
            window[i] /= sum;
        }
        return window;
    }

    /** The triangle of radius 1. */
    static double triangle(double x) {
        return Math.max(0, 1 - Math.abs(x));
    }

    /** The cubic of radius 2 with a = -0.5. */
    static double cubic(double x) {
        double a = -0.5;
        double distance = Math.abs(x);
        if (distance < 1) {
            return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
        }
        return distance < 2 ? (((distance - 5) * distance + 8) * distance - 4) * a : 0;
    }
}
