package dev.slipway.steps.image;

import java.awt.image.Raster;

/** The inks of a JPEG file as RGB, without a colour profile, as libjpeg and Pillow reckon. */
final class Cmyk {

    private Cmyk() {}

    /**
     * RGB from four inks, which JPEG files hold inverted.
     *
     * @param ycck whether the first three are stored as luma and two colour differences
     */
    static Pixels rgb(Raster raster, boolean ycck) {
        Pixels out = Pixels.blank(raster.getHeight(), raster.getWidth(), 3);
        int[] row = new int[4 * out.width];
        int at = 0;
        for (int y = 0; y < out.height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, out.width, 1, row);
            for (int from = 0; from < row.length; from += 4) {
                if (ycck) {
                    toInks(row, from);
                }
                int key = row[from + 3];
                for (int i = 0; i < 3; i++) {
                    out.data[at++] = (byte) Math.clamp(key - product(255 - row[from + i], key), 0, 255);
                }
            }
        }
        return out;
    }

    /** libjpeg's {@code ycck_cmyk_convert} (jdcolor.c). */
    private static void toInks(int[] row, int at) {
        int luma = row[at];
        int blue = row[at + 1] - 128;
        int red = row[at + 2] - 128;
        row[at] = ink(luma + fixed(91_881 * red));
        row[at + 1] = ink(luma + ((-22_554 * blue - 46_802 * red + 32_768) >> 16));
        row[at + 2] = ink(luma + fixed(116_130 * blue));
    }

    private static int fixed(int scaled) {
        return (scaled + 32_768) >> 16;
    }

    private static int ink(int value) {
        return 255 - Math.clamp(value, 0, 255);
    }

    /** Pillow's {@code MULDIV255}. */
    private static int product(int a, int b) {
        int product = a * b + 128;
        return ((product >> 8) + product) >> 8;
    }
}
