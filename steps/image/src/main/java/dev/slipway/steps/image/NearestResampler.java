package dev.slipway.steps.image;

import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;

/**
 * Pillow's {@code Image.resize} with {@code NEAREST}: the input pixel under the middle of the output pixel. OpenCV's
 * takes the one under its corner instead, which moves a reduced image by up to half a pixel.
 */
record NearestResampler() implements Resampler {

    @Override
    public TensorLease resize(Pixels image, int height, int width, TensorPool pool) {
        int[] columns = positions(image.width, width);
        int[] rows = positions(image.height, height);
        Pixels out = Pixels.blank(height, width, image.channels);
        int at = 0;
        for (int row : rows) {
            for (int column : columns) {
                System.arraycopy(
                        image.data, (row * image.width + column) * image.channels, out.data, at, image.channels);
                at += image.channels;
            }
        }
        return out.lease(pool);
    }

    /** Summed up step by step, as Pillow does, so that ties fall alike (Geometry.c, ImagingScaleAffine). */
    private static int[] positions(int from, int to) {
        double scale = (double) from / to;
        int[] positions = new int[to];
        double position = scale * 0.5;
        for (int i = 0; i < to; i++) {
            positions[i] = Math.min((int) position, from - 1);
            position += scale;
        }
        return positions;
    }
}
