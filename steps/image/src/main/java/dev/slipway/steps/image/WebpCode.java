package dev.slipway.steps.image;

import java.io.IOException;
import javax.imageio.IIOException;

/** A canonical Huffman code of a lossless WebP. */
final class WebpCode {

    private static final int LONGEST = 15;

    /** The decoder looks up so many bits at once, and the others of longer codes in a second table. */
    private static final int FIRST_BITS = 8;

    private static final int OBJECT = 24;

    private final int[] counts = new int[LONGEST + 1];
    private final short[] symbols;

    /**
     * A code with so many bits for each symbol, 0 for one that has none.
     *
     * @throws IOException when there is no such code
     */
    WebpCode(byte[] lengths) throws IOException {
        for (byte length : lengths) {
            counts[length]++;
        }
        symbols = new short[lengths.length - counts[0]];
        counts[0] = 0;
        int[] next = new int[LONGEST + 2];
        int room = 1;
        for (int length = 1; length <= LONGEST; length++) {
            next[length + 1] = next[length] + counts[length];
            room = 2 * room - counts[length];
            if (room < 0) {
                throw new IIOException("a Huffman code has too many symbols");
            }
        }
        if (room > 0 && symbols.length != 1) {
            throw new IIOException("a Huffman code has too few symbols");
        }
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            if (lengths[symbol] > 0) {
                symbols[next[lengths[symbol]]++] = (short) symbol;
            }
        }
    }

    /** The next symbol; a code of one symbol takes no bits for it. */
    int take(WebpBits in) throws IOException {
        if (symbols.length == 1) {
            return symbols[0];
        }
        int code = 0;
        int first = 0;
        int before = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code = code << 1 | in.take(1);
            first <<= 1;
            if (code - first < counts[length]) {
                return symbols[before + code - first];
            }
            before += counts[length];
            first += counts[length];
        }
        throw new IIOException("a Huffman code is not one of its alphabet");
    }

    /** The bytes of the heap that the decoder's tables for this code take. */
    long tableBytes() {
        long bytes = 3 * OBJECT + (Integer.BYTES << FIRST_BITS);
        int code = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code <<= 1;
            int beyond = length - FIRST_BITS;
            if (beyond > 0 && counts[length] > 0) {
                long parts = ((code + counts[length] - 1) >> beyond) - (code >> beyond) + 1L;
                bytes += parts * (OBJECT + (Integer.BYTES << beyond));
            }
            code += counts[length];
        }
        return bytes;
    }
}
