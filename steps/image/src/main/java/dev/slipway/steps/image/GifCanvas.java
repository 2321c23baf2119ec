package dev.slipway.steps.image;

import java.io.IOException;

/** The screen of a GIF file, on which its first frame may cover only a part; the rest has the palette's first colour. */
record GifCanvas(int height, int width, int top, int left, int background) {

    private static final int HEADER = 13;

    static GifCanvas of(byte[] file) throws IOException {
        try {
            int flags = file[10] & 0xFF;
            int background = 0;
            int at = HEADER;
            if ((flags & 0x80) != 0) {
                background = (file[at] & 0xFF) << 16 | Bytes.big16(file, at + 1);
                at += 3 << ((flags & 7) + 1);
            }
            while (file[at] == 0x21) {
                at += 2;
                while (file[at] != 0) {
                    at += 1 + (file[at] & 0xFF);
                }
                at++;
            }
            if (file[at] != 0x2C) {
                throw new IOException("no frame");
            }
            return new GifCanvas(
                    Bytes.little16(file, 8),
                    Bytes.little16(file, 6),
                    Bytes.little16(file, at + 3),
                    Bytes.little16(file, at + 1),
                    background);
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new IOException("the file ends before its first frame", e);
        }
    }

    /** The frame at its place; a frame that reaches beyond the screen makes the screen larger. */
    Pixels around(Pixels frame) {
        int toHeight = Math.max(height, top + frame.height);
        int toWidth = Math.max(width, left + frame.width);
        if (toHeight == frame.height && toWidth == frame.width) {
            return frame;
        }
        Pixels out = Pixels.blank(toHeight, toWidth, 3);
        for (int at = 0; at < out.data.length && background != 0; at += 3) {
            out.data[at] = (byte) (background >> 16);
            out.data[at + 1] = (byte) (background >> 8);
            out.data[at + 2] = (byte) background;
        }
        for (int y = 0; y < frame.height; y++) {
            System.arraycopy(
                    frame.data, 3 * y * frame.width, out.data, 3 * ((top + y) * toWidth + left), 3 * frame.width);
        }
        return out;
    }
}
