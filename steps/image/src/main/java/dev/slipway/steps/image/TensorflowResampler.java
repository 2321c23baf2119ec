package dev.slipway.steps.image;

import dev.slipway.core.DataType;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;

/**
 * TensorFlow's {@code tf.image.resize} (version 2), bilinear without antialias: half-pixel centres, 32-bit floats in
 * and out (resize_bilinear_op.cc).
 */
record TensorflowResampler() implements Resampler {

    @Override
    public DataType result() {
        return DataType.FP32;
    }

    @Override
    public TensorLease resize(Pixels image, int height, int width, TensorPool pool) {
        float[] out = new float[Math.multiplyExact(height * width, image.channels)];
        float down = (float) image.height / height;
        float across = (float) image.width / width;
        int at = 0;
        for (int y = 0; y < height; y++) {
            float rowPosition = (y + 0.5f) * down - 0.5f;
            int upper = lower(rowPosition);
            int lower = upper(rowPosition, image.height);
            float rowPart = rowPosition - (float) Math.floor(rowPosition);
            for (int x = 0; x < width; x++) {
                float position = (x + 0.5f) * across - 0.5f;
                int left = lower(position);
                int right = upper(position, image.width);
                float part = position - (float) Math.floor(position);
                for (int c = 0; c < image.channels; c++) {
                    float top = between(value(image, upper, left, c), value(image, upper, right, c), part);
                    float bottom = between(value(image, lower, left, c), value(image, lower, right, c), part);
                    out[at++] = between(top, bottom, rowPart);
                }
            }
        }
        return Images.floats(out, pool, Shape.of(height, width, image.channels));
    }

    private static int lower(float position) {
        return Math.max((int) Math.floor(position), 0);
    }

    private static int upper(float position, int size) {
        return Math.min((int) Math.ceil(position), size - 1);
    }

    private static float value(Pixels image, int y, int x, int channel) {
        return image.data[(y * image.width + x) * image.channels + channel] & 0xFF;
    }

    private static float between(float first, float second, float part) {
        return first + (second - first) * part;
    }
}
