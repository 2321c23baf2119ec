package dev.slipway.steps.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;

/**
 * What a decoder has made, as 8-bit RGB. Samples are taken as they are: no colour profile is applied and no gamma,
 * which Java's own conversion would do.
 */
final class RasterPixels {

    private RasterPixels() {}

    static Pixels rgb(BufferedImage image) {
        Pixels out = Pixels.blank(image.getHeight(), image.getWidth(), 3);
        if (image.getColorModel() instanceof ComponentColorModel model) {
            fromSamples(image.getRaster(), Math.max(0, model.getComponentSize(0) - 8), out);
        } else {
            fromColours(image.getRaster(), image.getColorModel(), out);
        }
        return out;
    }

    /** Gray, gray with alpha, RGB or RGB with alpha, of 8 or 16 bits. */
    private static void fromSamples(Raster raster, int shift, Pixels out) {
        int bands = raster.getNumBands();
        int green = bands >= 3 ? 1 : 0;
        int blue = bands >= 3 ? 2 : 0;
        int[] row = new int[out.width * bands];
        int at = 0;
        for (int y = 0; y < out.height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, out.width, 1, row);
            for (int from = 0; from < row.length; from += bands) {
                out.data[at++] = (byte) (row[from] >> shift);
                out.data[at++] = (byte) (row[from + green] >> shift);
                out.data[at++] = (byte) (row[from + blue] >> shift);
            }
        }
    }

    /** A palette, or colours packed into one number. */
    private static void fromColours(Raster raster, ColorModel model, Pixels out) {
        Object element = null;
        int at = 0;
        for (int y = 0; y < out.height; y++) {
            for (int x = 0; x < out.width; x++) {
                element = raster.getDataElements(raster.getMinX() + x, raster.getMinY() + y, element);
                int colour = model.getRGB(element);
                out.data[at++] = (byte) (colour >> 16);
                out.data[at++] = (byte) (colour >> 8);
                out.data[at++] = (byte) colour;
            }
        }
    }
}
