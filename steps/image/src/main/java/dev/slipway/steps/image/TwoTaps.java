package dev.slipway.steps.image;

/**
 * For each output position along an axis, two neighbouring input positions and their weights of 11 fractional bits, as
 * OpenCV's 8-bit linear resize has them (resize.cpp).
 */
final class TwoTaps {

    private static final int ONE = 1 << 11;

    private final int[] first;
    private final int[] second;
    private final int[] firstWeight;
    private final int[] secondWeight;

    TwoTaps(int size) {
        first = new int[size];
        second = new int[size];
        firstWeight = new int[size];
        secondWeight = new int[size];
    }

    /** Input positions per output position, reckoned in OpenCV's two steps, on whose rounding whole positions depend. */
    static double scale(int from, int to) {
        return 1.0 / ((double) to / from);
    }

    /** Sets the taps of an output column; beyond the edge of the {@code from} input columns the edge alone counts. */
    void column(int out, int position, float fraction, int from) {
        boolean beyond = position < 0 || position >= from - 1;
        set(out, position, beyond ? 0 : fraction, from);
    }

    /** Sets the taps of an output row; beyond the edge of the {@code from} input rows both taps are the edge. */
    void row(int out, int position, float fraction, int from) {
        set(out, position, fraction, from);
    }

    private void set(int out, int position, float fraction, int from) {
        first[out] = Math.clamp(position, 0, from - 1);
        second[out] = Math.clamp(position + 1L, 0, from - 1);
        firstWeight[out] = (int) Math.rint((1f - fraction) * ONE);
        secondWeight[out] = (int) Math.rint(fraction * ONE);
    }

    /** Resizes: these taps across the rows, then {@code down} the columns. */
    Pixels apply(Pixels image, TwoTaps down) {
        int row = first.length * image.channels;
        Pixels out = Pixels.blank(down.first.length, first.length, image.channels);
        int[] upper = new int[row];
        int[] lower = new int[row];
        for (int y = 0; y < down.first.length; y++) {
            across(image, down.first[y], upper);
            across(image, down.second[y], lower);
            for (int i = 0; i < row; i++) {
                int sum = ((down.firstWeight[y] * (upper[i] >> 4)) >> 16)
                        + ((down.secondWeight[y] * (lower[i] >> 4)) >> 16);
                out.data[y * row + i] = (byte) ((sum + 2) >> 2);
            }
        }
        return out;
    }

    private void across(Pixels image, int y, int[] row) {
        int start = y * image.width;
        for (int x = 0; x < first.length; x++) {
            for (int c = 0; c < image.channels; c++) {
                row[x * image.channels + c] =
                        firstWeight[x] * (image.data[(start + first[x]) * image.channels + c] & 0xFF)
                                + secondWeight[x] * (image.data[(start + second[x]) * image.channels + c] & 0xFF);
            }
        }
    }
}
