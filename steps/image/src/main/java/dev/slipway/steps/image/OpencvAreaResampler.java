package dev.slipway.steps.image;

import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.util.Arrays;

/**
 * OpenCV's {@code resize} with {@code INTER_AREA} of 8-bit images: each output pixel is the mean of the area that it
 * covers. Where either side grows, OpenCV takes a variant of its linear resize instead (resize.cpp).
 */
record OpencvAreaResampler() implements Resampler {

    @Override
    public TensorLease resize(Pixels image, int height, int width, TensorPool pool) {
        if (height > image.height || width > image.width) {
            return growing(image, height, width).lease(pool);
        }
        if (image.height == 2 * height && image.width == 2 * width) {
            return halved(image).lease(pool);
        }
        AreaWindows across = new AreaWindows(image.width, width);
        AreaWindows down = new AreaWindows(image.height, height);
        Pixels out = Pixels.blank(height, width, image.channels);
        int row = width * image.channels;
        float[] narrowed = new float[row];
        float[] sums = new float[row];
        for (int y = 0; y < height; y++) {
            Arrays.fill(sums, 0);
            for (int i = 0; i < down.weights[y].length; i++) {
                across.narrow(image, down.first[y] + i, narrowed);
                float weight = down.weights[y][i];
                for (int at = 0; at < row; at++) {
                    sums[at] += weight * narrowed[at];
                }
            }
            for (int at = 0; at < row; at++) {
                out.data[y * row + at] = (byte) Math.clamp((int) Math.rint(sums[at]), 0, 255);
            }
        }
        return out.lease(pool);
    }

    private static Pixels halved(Pixels image) {
        Pixels out = Pixels.blank(image.height / 2, image.width / 2, image.channels);
        int row = image.width * image.channels;
        int at = 0;
        for (int y = 0; y < image.height; y += 2) {
            for (int x = 0; x < image.width; x += 2) {
                for (int c = 0; c < image.channels; c++) {
                    int from = y * row + x * image.channels + c;
                    int sum = (image.data[from] & 0xFF)
                            + (image.data[from + image.channels] & 0xFF)
                            + (image.data[from + row] & 0xFF)
                            + (image.data[from + row + image.channels] & 0xFF);
                    out.data[at++] = (byte) ((sum + 2) >> 2);
                }
            }
        }
        return out;
    }

    private static Pixels growing(Pixels image, int height, int width) {
        TwoTaps across = new TwoTaps(width);
        for (int x = 0; x < width; x++) {
            across.column(x, first(x, image.width, width), fraction(x, image.width, width), image.width);
        }
        TwoTaps down = new TwoTaps(height);
        for (int y = 0; y < height; y++) {
            down.row(y, first(y, image.height, height), fraction(y, image.height, height), image.height);
        }
        return across.apply(image, down);
    }

    private static int first(int out, int from, int to) {
        return (int) Math.floor(out * TwoTaps.scale(from, to));
    }

    private static float fraction(int out, int from, int to) {
        float fraction = (float) ((out + 1) - (first(out, from, to) + 1) * ((double) to / from));
        return fraction <= 0 ? 0 : fraction - (float) Math.floor(fraction);
    }
}
