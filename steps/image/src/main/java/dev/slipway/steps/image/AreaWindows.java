package dev.slipway.steps.image;

/** For each output position along an axis, the share of each input position in its area: OpenCV's computeResizeAreaTab. */
final class AreaWindows {

    private static final double SLIVER = 1e-3;

    final int[] first;
    final float[][] weights;

    AreaWindows(int from, int to) {
        double scale = TwoTaps.scale(from, to);
        first = new int[to];
        weights = new float[to][];
        for (int out = 0; out < to; out++) {
            double start = out * scale;
            double end = start + scale;
            double cell = Math.min(scale, from - start);
            int whole = (int) Math.ceil(start);
            int wholeEnd = Math.min((int) Math.floor(end), from - 1);
            whole = Math.min(whole, wholeEnd);
            boolean before = whole - start > SLIVER;
            boolean after = end - wholeEnd > SLIVER;
            first[out] = before ? whole - 1 : whole;
            float[] window = new float[wholeEnd - first[out] + (after ? 1 : 0)];
            for (int i = 0; i < window.length; i++) {
                window[i] = (float) (1.0 / cell);
            }
            if (before) {
                window[0] = (float) ((whole - start) / cell);
            }
            if (after) {
                window[window.length - 1] = (float) (Math.min(Math.min(end - wholeEnd, 1.0), cell) / cell);
            }
            weights[out] = window;
        }
    }

    /** The weighted sums of a row of the image. */
    void narrow(Pixels image, int y, float[] row) {
        int channels = image.channels;
        for (int x = 0; x < first.length; x++) {
            int from = (y * image.width + first[x]) * channels;
            for (int c = 0; c < channels; c++) {
                float sum = 0;
                for (int i = 0; i < weights[x].length; i++) {
                    sum += weights[x][i] * (image.data[from + i * channels + c] & 0xFF);
                }
                row[x * channels + c] = sum;
            }
        }
    }
}
