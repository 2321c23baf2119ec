package dev.slipway.steps.image;

import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;

/**
 * Pillow's {@code Image.resize} of 8-bit images: rows first, then columns, each with weights of 22 fractional bits and
 * rounded to 8 bits (Resample.c).
 */
record PillowResampler(Filter filter) implements Resampler {

    private static final int PRECISION = 32 - 8 - 2;

    enum Filter {
        BILINEAR,
        BICUBIC;

        AntialiasWindows windows(int from, int to) {
            return switch (this) {
                case BILINEAR -> new AntialiasWindows(from, to, 1, AntialiasWindows::triangle);
                case BICUBIC -> new AntialiasWindows(from, to, 2, AntialiasWindows::cubic);
            };
        }
    }

    @Override
    public TensorLease resize(Pixels image, int height, int width, TensorPool pool) {
        Pixels rows = image.width == width ? image : acrossRows(image, width);
        Pixels both = rows.height == height ? rows : downColumns(rows, height);
        return both.lease(pool);
    }

    private Pixels acrossRows(Pixels image, int width) {
        AntialiasWindows windows = filter.windows(image.width, width);
        Pixels out = Pixels.blank(image.height, width, image.channels);
        for (int x = 0; x < width; x++) {
            int[] weights = fixedPoint(windows.weights[x]);
            for (int y = 0; y < image.height; y++) {
                int from = (y * image.width + windows.first[x]) * image.channels;
                int to = (y * width + x) * image.channels;
                for (int c = 0; c < image.channels; c++) {
                    out.data[to + c] = weighted(image.data, from + c, image.channels, weights);
                }
            }
        }
        return out;
    }

    private Pixels downColumns(Pixels image, int height) {
        AntialiasWindows windows = filter.windows(image.height, height);
        int row = image.width * image.channels;
        Pixels out = Pixels.blank(height, image.width, image.channels);
        for (int y = 0; y < height; y++) {
            int[] weights = fixedPoint(windows.weights[y]);
            for (int i = 0; i < row; i++) {
                out.data[y * row + i] = weighted(image.data, windows.first[y] * row + i, row, weights);
            }
        }
        return out;
    }

    private static int[] fixedPoint(double[] weights) {
        int[] fixed = new int[weights.length];
        for (int i = 0; i < fixed.length; i++) {
            double scaled = weights[i] * (1 << PRECISION);
            fixed[i] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
        }
        return fixed;
    }

    private static byte weighted(byte[] data, int at, int step, int[] weights) {
        int sum = 1 << (PRECISION - 1);
        for (int i = 0, from = at; i < weights.length; i++, from += step) {
            sum += (data[from] & 0xFF) * weights[i];
        }
        return (byte) Math.clamp(sum >> PRECISION, 0, 255);
    }
}
