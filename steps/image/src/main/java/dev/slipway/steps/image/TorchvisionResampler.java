package dev.slipway.steps.image;

import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.util.Arrays;
import java.util.TreeMap;

/**
 * torchvision's {@code resize} of 8-bit tensors, bilinear with antialias: the windows of Pillow in 32-bit floats,
 * rounded once at the end, half to even.
 */
record TorchvisionResampler() implements Resampler {

    @Override
    public TensorLease resize(Pixels image, int height, int width, TensorPool pool) {
        if (image.height == height && image.width == width) {
            return image.lease(pool);
        }
        AntialiasWindows across = new AntialiasWindows(image.width, width, 1, AntialiasWindows::triangle);
        AntialiasWindows down = new AntialiasWindows(image.height, height, 1, AntialiasWindows::triangle);
        int row = width * image.channels;
        float[] sums = new float[row];
        Pixels out = Pixels.blank(height, width, image.channels);
        TreeMap<Integer, float[]> rows = new TreeMap<>();
        for (int y = 0; y < height; y++) {
            Arrays.fill(sums, 0);
            for (int i = 0; i < down.weights[y].length; i++) {
                int from = down.first[y] + i;
                float[] narrowed = rows.computeIfAbsent(from, source -> rowAcross(image, source, across));
                float weight = (float) down.weights[y][i];
                for (int at = 0; at < row; at++) {
                    sums[at] += weight * narrowed[at];
                }
            }
            for (int at = 0; at < row; at++) {
                out.data[y * row + at] = (byte) Math.clamp((int) Math.rint(sums[at]), 0, 255);
            }
            rows.headMap(down.first[Math.min(y + 1, height - 1)]).clear();
        }
        return out.lease(pool);
    }

    private static float[] rowAcross(Pixels image, int y, AntialiasWindows windows) {
        int channels = image.channels;
        float[] row = new float[windows.first.length * channels];
        for (int x = 0; x < windows.first.length; x++) {
            int from = (y * image.width + windows.first[x]) * channels;
            for (int c = 0; c < channels; c++) {
                float sum = 0;
                for (int i = 0; i < windows.weights[x].length; i++) {
                    sum += (float) windows.weights[x][i] * (image.data[from + i * channels + c] & 0xFF);
                }
                row[x * channels + c] = sum;
            }
        }
        return row;
    }
}
