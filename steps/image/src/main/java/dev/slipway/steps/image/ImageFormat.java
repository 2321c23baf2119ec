package dev.slipway.steps.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** A file format of images, recognised by its first bytes. */
enum ImageFormat {
    JPEG,
    PNG,
    BMP,
    GIF,
    WEBP;

    /** What messages call the formats together. */
    static final String NAMES = "JPEG, PNG, BMP, GIF or WebP";

    static Optional<ImageFormat> of(byte[] file) {
        if (starts(file, 0, "\u00FF\u00D8\u00FF")) {
            return Optional.of(JPEG);
        }
        if (starts(file, 0, "\u0089PNG\r\n\u001A\n")) {
            return Optional.of(PNG);
        }
        if (starts(file, 0, "GIF87a") || starts(file, 0, "GIF89a")) {
            return Optional.of(GIF);
        }
        if (starts(file, 0, "RIFF") && starts(file, 8, "WEBP")) {
            return Optional.of(WEBP);
        }
        return starts(file, 0, "BM") && file.length >= 26 ? Optional.of(BMP) : Optional.empty();
    }

    private static boolean starts(byte[] file, int at, String magic) {
        byte[] bytes = magic.getBytes(StandardCharsets.ISO_8859_1);
        return file.length >= at + bytes.length && Arrays.equals(file, at, at + bytes.length, bytes, 0, bytes.length);
    }
}
