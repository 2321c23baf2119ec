package dev.slipway.steps.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.IIOException;

/**
 * What the tables of Huffman codes in a lossless WebP take of the heap, found without making them: a file of 164 KB may
 * have 65,536 groups of five. Follows the WebP lossless bitstream specification as far as the last of the codes.
 */
final class WebpCodes {

    private static final int[] ORDER = {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    private static final int LITERALS = 256;
    private static final int LENGTHS = 24;
    private static final int DISTANCES = 40;
    private static final int LOSSLESS_ALPHA = 1;

    private final WebpBits in;
    private int groups;
    private long tables;

    private WebpCodes(WebpBits in) {
        this.in = in;
    }

    /**
     * The bytes of the tables that are kept at a time while a file is decoded.
     *
     * @throws IOException when they cannot be read
     */
    static long bytes(byte[] file) throws IOException {
        return largest(file, 12, file.length, 0, 0);
    }

    private static long largest(byte[] file, int from, int end, int canvasWidth, int canvasHeight) throws IOException {
        long largest = 0;
        int width = canvasWidth;
        int height = canvasHeight;
        for (long at = from; at + 8 <= end; ) {
            int data = (int) at + 8;
            long length = Integer.toUnsignedLong(Bytes.little32(file, data - 4));
            int after = (int) Math.min(end, data + length);
            switch (new String(file, data - 8, 4, StandardCharsets.ISO_8859_1)) {
                case "VP8X" -> {
                    width = size(file, data + 4, after);
                    height = size(file, data + 7, after);
                }
                case "VP8L" -> {
                    WebpBits in = new WebpBits(file, data + 1, after);
                    largest = Math.max(largest, new WebpCodes(in).header());
                }
                case "ALPH" -> {
                    if (data < after && (file[data] & 3) == LOSSLESS_ALPHA) {
                        WebpBits in = new WebpBits(file, data + 1, after);
                        largest = Math.max(largest, new WebpCodes(in).image(width, height));
                    }
                }
                case "ANMF" -> {
                    int frameWidth = size(file, data + 6, after);
                    int frameHeight = size(file, data + 9, after);
                    return Math.max(largest, largest(file, data + 16, after, frameWidth, frameHeight));
                }
                default -> {}
            }
            at = data + length + (length & 1);
        }
        return largest;
    }

    private static int size(byte[] file, int at, int end) throws IOException {
        if (at + 3 > end) {
            throw new IIOException("it ends too early");
        }
        return 1 + (Bytes.little16(file, at) | (file[at + 2] & 0xFF) << 16);
    }

    private long header() throws IOException {
        int width = in.take(14) + 1;
        int height = in.take(14) + 1;
        in.take(4);
        return image(width, height);
    }

    private long image(int width, int height) throws IOException {
        int coded = width;
        int seen = 0;
        while (in.take(1) == 1) {
            int transform = in.take(2);
            if ((seen & 1 << transform) != 0) {
                throw new IIOException("a transform comes twice");
            }
            seen |= 1 << transform;
            switch (transform) {
                case 0, 1 -> {
                    int bits = in.take(3) + 2;
                    pixels(blocks(coded, bits), blocks(height, bits));
                }
                case 3 -> {
                    int colors = in.take(8) + 1;
                    pixels(colors, 1);
                    coded = blocks(coded, colors <= 2 ? 3 : colors <= 4 ? 2 : colors <= 16 ? 1 : 0);
                }
                default -> {}
            }
        }
        int cache = cache();
        groups = 1;
        if (in.take(1) == 1) {
            int bits = in.take(3) + 2;
            groups = pixels(blocks(coded, bits), blocks(height, bits));
        }
        tables = 0;
        for (int group = 0; group < groups; group++) {
            group(cache);
        }
        return tables;
    }

    private static int blocks(int size, int bits) {
        return (size + (1 << bits) - 1) >> bits;
    }

    private int cache() throws IOException {
        return in.take(1) == 1 ? 1 << in.take(4) : 0;
    }

    /**
     * Passes over the pixels of an image within the image.
     *
     * @return the number of groups, if its red and green are the numbers of groups: copies of pixels have no new ones
     */
    private int pixels(int width, int height) throws IOException {
        WebpCode[] codes = group(cache());
        int most = 0;
        for (long left = (long) width * height; left > 0; ) {
            int symbol = codes[0].take(in);
            if (symbol < LITERALS) {
                most = Math.max(most, codes[1].take(in) << 8 | symbol);
                codes[2].take(in);
                codes[3].take(in);
                left--;
            } else if (symbol < LITERALS + LENGTHS) {
                left -= distance(symbol - LITERALS);
                distance(codes[4].take(in));
            } else {
                left--;
            }
        }
        return most + 1;
    }

    private int distance(int symbol) throws IOException {
        if (symbol < 4) {
            return symbol + 1;
        }
        int more = (symbol - 2) >> 1;
        return ((2 + (symbol & 1)) << more) + in.take(more) + 1;
    }

    private WebpCode[] group(int cache) throws IOException {
        WebpCode[] codes = {
            code(LITERALS + LENGTHS + cache), code(LITERALS), code(LITERALS), code(LITERALS), code(DISTANCES)
        };
        for (WebpCode code : codes) {
            tables += code.tableBytes();
        }
        return codes;
    }

    private WebpCode code(int symbols) throws IOException {
        byte[] lengths = new byte[Math.max(symbols, LITERALS)];
        if (in.take(1) == 1) {
            boolean two = in.take(1) == 1;
            lengths[in.take(in.take(1) == 1 ? 8 : 1)] = 1;
            if (two) {
                lengths[in.take(8)] = 1;
            }
            return new WebpCode(lengths);
        }
        byte[] lengthLengths = new byte[ORDER.length];
        int given = in.take(4) + 4;
        for (int i = 0; i < given; i++) {
            lengthLengths[ORDER[i]] = (byte) in.take(3);
        }
        WebpCode lengthCode = new WebpCode(lengthLengths);
        int left = in.take(1) == 1 ? 2 + in.take(2 + 2 * in.take(3)) : symbols;
        byte last = 8;
        for (int at = 0; at < symbols && left > 0; left--) {
            int length = lengthCode.take(in);
            if (length < 16) {
                lengths[at++] = (byte) length;
                last = length == 0 ? last : (byte) length;
                continue;
            }
            int times = length == 16 ? 3 + in.take(2) : length == 17 ? 3 + in.take(3) : 11 + in.take(7);
            if (at + times > symbols) {
                throw new IIOException("a Huffman code is longer than its alphabet");
            }
            Arrays.fill(lengths, at, at + times, length == 16 ? last : 0);
            at += times;
        }
        return new WebpCode(lengths);
    }
}
