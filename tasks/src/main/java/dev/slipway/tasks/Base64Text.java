package dev.slipway.tasks;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Strict base64 (RFC 4648, section 4: padded, nothing but its alphabet, no stray bits) in native memory. */
final class Base64Text {

    private static final byte[] VALUES = new byte[256];

    static {
        Arrays.fill(VALUES, (byte) -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) {
            VALUES[alphabet.charAt(i)] = (byte) i;
        }
    }

    private Base64Text() {}

    /** The bytes that a text of this length and padding decodes to; -1 for a length that is none of base64. */
    static long decodedSize(MemorySegment text) {
        long length = text.byteSize();
        if (length == 0 || length % 4 != 0) {
            return -1;
        }
        return length / 4 * 3 - padding(text);
    }

    private static int padding(MemorySegment text) {
        long length = text.byteSize();
        if (text.get(ValueLayout.JAVA_BYTE, length - 1) != '=') {
            return 0;
        }
        return text.get(ValueLayout.JAVA_BYTE, length - 2) == '=' ? 2 : 1;
    }

    /** Decodes into {@code target} from {@code offset}; false where the text is not base64. */
    static boolean decode(MemorySegment text, MemorySegment target, long offset) {
        int padding = padding(text);
        long whole = text.byteSize() - (padding == 0 ? 0 : 4);
        long to = offset;
        for (long i = 0; i < whole; i += 4) {
            int bits = value(text, i) << 18 | value(text, i + 1) << 12 | value(text, i + 2) << 6 | value(text, i + 3);
            if (bits < 0) {
                return false;
            }
            target.set(ValueLayout.JAVA_BYTE, to, (byte) (bits >> 16));
            target.set(ValueLayout.JAVA_BYTE, to + 1, (byte) (bits >> 8));
            target.set(ValueLayout.JAVA_BYTE, to + 2, (byte) bits);
            to += 3;
        }
        if (padding == 0) {
            return true;
        }
        int bits = value(text, whole) << 18 | value(text, whole + 1) << 12;
        if (padding == 1) {
            bits |= value(text, whole + 2) << 6;
        }
        if (bits < 0 || (bits & (padding == 1 ? 0xFF : 0xFFFF)) != 0) {
            return false;
        }
        target.set(ValueLayout.JAVA_BYTE, to, (byte) (bits >> 16));
        if (padding == 1) {
            target.set(ValueLayout.JAVA_BYTE, to + 1, (byte) (bits >> 8));
        }
        return true;
    }

    private static int value(MemorySegment text, long i) {
        return VALUES[text.get(ValueLayout.JAVA_BYTE, i) & 0xFF];
    }
}
