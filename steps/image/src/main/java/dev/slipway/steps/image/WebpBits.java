package dev.slipway.steps.image;

import java.io.IOException;
import javax.imageio.IIOException;

/** The bits of a part of a file, from the lowest of each byte on. */
final class WebpBits {

    private final byte[] file;
    private final int end;
    private int at;
    private int bit;

    WebpBits(byte[] file, int from, int end) {
        this.file = file;
        this.at = from;
        this.end = end;
    }

    /** The next {@code count} bits as a number, the first of them lowest. */
    int take(int count) throws IOException {
        int value = 0;
        for (int i = 0; i < count; i++) {
            if (at >= end) {
                throw new IIOException("it ends too early");
            }
            value |= (file[at] >> bit & 1) << i;
            bit = (bit + 1) & 7;
            at += bit == 0 ? 1 : 0;
        }
        return value;
    }
}
