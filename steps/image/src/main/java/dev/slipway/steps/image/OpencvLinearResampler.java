package dev.slipway.steps.image;

import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;

/**
 * OpenCV's {@code resize} with {@code INTER_LINEAR} of 8-bit images: half-pixel centres, no antialias, weights of 11
 * fractional bits (resize.cpp). A reduction to exactly a half goes by {@code INTER_AREA}, as OpenCV has it.
 */
record OpencvLinearResampler() implements Resampler {

    @Override
    public TensorLease resize(Pixels image, int height, int width, TensorPool pool) {
        if (image.height == 2 * height && image.width == 2 * width) {
            return new OpencvAreaResampler().resize(image, height, width, pool);
        }
        TwoTaps across = new TwoTaps(width);
        for (int x = 0; x < width; x++) {
            float position = position(x, image.width, width);
            across.column(x, (int) Math.floor(position), fraction(position), image.width);
        }
        TwoTaps down = new TwoTaps(height);
        for (int y = 0; y < height; y++) {
            float position = position(y, image.height, height);
            down.row(y, (int) Math.floor(position), fraction(position), image.height);
        }
        return across.apply(image, down).lease(pool);
    }

    private static float position(int out, int from, int to) {
        return (float) ((out + 0.5) * TwoTaps.scale(from, to) - 0.5);
    }

    private static float fraction(float position) {
        return position - (int) Math.floor(position);
    }
}
