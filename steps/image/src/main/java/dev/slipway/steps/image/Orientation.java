package dev.slipway.steps.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How a camera was held, as EXIF tells it (tag 0x0112): 1 is upright, 2 to 8 are the other ways to turn and mirror. */
record Orientation(int code) {

    static final Orientation UPRIGHT = new Orientation(1);

    private static final int TAG = 0x0112;

    /** Reads EXIF data that starts with its TIFF header; upright when it does not say, or makes no sense. */
    static Orientation ofExif(byte[] file, int start, int length) {
        int end = start + length;
        if (start < 0 || length < 14 || end > file.length) {
            return UPRIGHT;
        }
        boolean little = file[start] == 'I';
        long directory = start + (number(file, start + 4, little, 4) & 0xFFFFFFFFL);
        if (directory + 2 > end) {
            return UPRIGHT;
        }
        int entries = number(file, (int) directory, little, 2);
        for (int i = 0; i < entries; i++) {
            int entry = (int) directory + 2 + 12 * i;
            if (entry + 12 > end) {
                return UPRIGHT;
            }
            if (number(file, entry, little, 2) == TAG) {
                int code = number(file, entry + 8, little, 2);
                return code >= 1 && code <= 8 ? new Orientation(code) : UPRIGHT;
            }
        }
        return UPRIGHT;
    }

    private static int number(byte[] file, int at, boolean little, int size) {
        if (size == 2) {
            return little ? Bytes.little16(file, at) : Bytes.big16(file, at);
        }
        return little ? Bytes.little32(file, at) : Bytes.big32(file, at);
    }

    /** From the {@code eXIf} chunk of a PNG file. */
    static Orientation ofPng(byte[] file) {
        for (long at = 8; at + 12 <= file.length; ) {
            long length = Bytes.big32(file, (int) at) & 0xFFFFFFFFL;
            if (named(file, (int) at + 4, "eXIf")) {
                return ofExif(file, (int) at + 8, (int) Math.min(length, file.length));
            }
            at += 12 + length;
        }
        return UPRIGHT;
    }

    /** From the {@code EXIF} chunk of a WebP file. */
    static Orientation ofWebp(byte[] file) {
        for (long at = 12; at + 8 <= file.length; ) {
            long length = Bytes.little32(file, (int) at + 4) & 0xFFFFFFFFL;
            if (named(file, (int) at, "EXIF")) {
                int start = (int) at + 8;
                int prefix = named(file, start, "Exif\0\0") ? 6 : 0;
                return ofExif(file, start + prefix, (int) Math.min(length, file.length) - prefix);
            }
            at += 8 + length + (length & 1);
        }
        return UPRIGHT;
    }

    static boolean named(byte[] file, int at, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        return at + bytes.length <= file.length && Arrays.equals(file, at, at + bytes.length, bytes, 0, bytes.length);
    }

    /** The picture as it was seen. */
    Pixels apply(Pixels image) {
        if (code == 1) {
            return image;
        }
        boolean swaps = code >= 5;
        Pixels out = swaps
                ? Pixels.blank(image.width, image.height, image.channels)
                : Pixels.blank(image.height, image.width, image.channels);
        int at = 0;
        for (int y = 0; y < out.height; y++) {
            for (int x = 0; x < out.width; x++) {
                int from = source(image, y, x) * image.channels;
                System.arraycopy(image.data, from, out.data, at, image.channels);
                at += image.channels;
            }
        }
        return out;
    }

    /** Which pixel of the stored picture stands at a place of the upright one. */
    private int source(Pixels image, int y, int x) {
        int lastRow = image.height - 1;
        int lastColumn = image.width - 1;
        return switch (code) {
            case 2 -> y * image.width + lastColumn - x;
            case 3 -> (lastRow - y) * image.width + lastColumn - x;
            case 4 -> (lastRow - y) * image.width + x;
            case 5 -> x * image.width + y;
            case 6 -> (lastRow - x) * image.width + y;
            case 7 -> (lastRow - x) * image.width + lastColumn - y;
            case 8 -> x * image.width + lastColumn - y;
            default -> y * image.width + x;
        };
    }
}
