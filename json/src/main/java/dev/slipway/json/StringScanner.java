package dev.slipway.json;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Scans JSON strings out of native memory: checks UTF-8 (no overlong form, no surrogate, nothing above U+10FFFF),
 * control characters and escapes, and decodes to UTF-8.
 */
final class StringScanner {

    private static final ValueLayout.OfLong EIGHT = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private final MemorySegment text;
    private final long limit;
    private long decoded;
    private boolean escaped;

    StringScanner(MemorySegment text) {
        this.text = text;
        this.limit = text.byteSize();
    }

    /** Checks the string whose opening quote is at {@code quote} and returns where it ends, after its closing quote. */
    long scan(long quote) {
        long i = quote + 1;
        long shortened = 0;
        escaped = false;
        for (; ; ) {
            while (i + 8 <= limit && plain(text.get(EIGHT, i))) {
                i += 8;
            }
            int c = byteAt(i);
            if (c == '"') {
                decoded = i - quote - 1 - shortened;
                return i + 1;
            }
            if (c == '\\') {
                escaped = true;
                long after = i + escapeLength(i);
                shortened += after - i - utf8Length(escapedCodePoint(i));
                i = after;
            } else if (c < 0x20) {
                throw c < 0
                        ? Malformed.at(text, i, "the closing quote of the string at byte " + quote)
                        : Malformed.at(text, i, "an escape for a control character");
            } else {
                i = c < 0x80 ? i + 1 : scanMultiByte(i, c);
            }
        }
    }

    /** The bytes of the string last scanned, decoded to UTF-8. */
    long decodedBytes() {
        return decoded;
    }

    /** The string last scanned, whose opening quote is at {@code quote}. */
    String string(long quote) {
        byte[] bytes = new byte[Math.toIntExact(decoded)];
        copy(quote, MemorySegment.ofArray(bytes), 0);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Writes the string last scanned, decoded to UTF-8, into {@code target} from {@code offset}. */
    void copy(long quote, MemorySegment target, long offset) {
        if (!escaped) {
            MemorySegment.copy(text, quote + 1, target, offset, decoded);
            return;
        }
        long i = quote + 1;
        long to = offset;
        for (int c = byteAt(i); c != '"'; c = byteAt(i)) {
            if (c == '\\') {
                int codePoint = escapedCodePoint(i);
                i += escapeLength(i);
                to = encode(codePoint, target, to);
            } else {
                target.set(ValueLayout.JAVA_BYTE, to++, (byte) c);
                i++;
            }
        }
    }

    private static boolean plain(long eight) {
        long quotes = eight ^ 0x2222222222222222L;
        long slashes = eight ^ 0x5C5C5C5C5C5C5C5CL;
        long special = ((quotes - ONES) & ~quotes)
                | ((slashes - ONES) & ~slashes)
                | ((eight - 0x2020202020202020L) & ~eight)
                | eight;
        return (special & HIGHS) == 0;
    }

    private int byteAt(long i) {
        return i < limit ? text.get(ValueLayout.JAVA_BYTE, i) & 0xFF : -1;
    }

    private long scanMultiByte(long i, int lead) {
        int second = byteAt(i + 1);
        int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        boolean valid = lead >= 0xC2 && lead <= 0xF4 && second >= least && second <= most;
        for (int k = 2; valid && k < length; k++) {
            valid = (byteAt(i + k) & ~0x3F) == 0x80;
        }
        if (!valid) {
            throw Malformed.at(text, i, "UTF-8");
        }
        return i + length;
    }

    private int escapeLength(long i) {
        return byteAt(i + 1) != 'u' ? 2 : Character.isHighSurrogate((char) hex(i + 2)) ? 12 : 6;
    }

    private int escapedCodePoint(long i) {
        return switch (byteAt(i + 1)) {
            case '"' -> '"';
            case '\\' -> '\\';
            case '/' -> '/';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                char unit = (char) hex(i + 2);
                if (!Character.isSurrogate(unit)) {
                    yield unit;
                }
                if (Character.isLowSurrogate(unit) || byteAt(i + 6) != '\\' || byteAt(i + 7) != 'u') {
                    throw loneSurrogate(i);
                }
                char low = (char) hex(i + 8);
                if (!Character.isLowSurrogate(low)) {
                    throw loneSurrogate(i);
                }
                yield Character.toCodePoint(unit, low);
            }
            default -> throw Malformed.at(text, i + 1, "one of \"\\/bfnrtu after a backslash");
        };
    }

    private RuntimeException loneSurrogate(long i) {
        return JsonFailure.syntax(i, "a surrogate without its other half");
    }

    private int hex(long from) {
        int value = 0;
        for (long i = from; i < from + 4; i++) {
            int c = byteAt(i);
            int digit = c < 0 || c > 0x7F ? -1 : Character.digit(c, 16);
            if (digit < 0) {
                throw Malformed.at(text, i, "a hexadecimal digit");
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static int utf8Length(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    private static long encode(int codePoint, MemorySegment target, long offset) {
        int length = utf8Length(codePoint);
        if (length == 1) {
            target.set(ValueLayout.JAVA_BYTE, offset, (byte) codePoint);
            return offset + 1;
        }
        int rest = codePoint;
        for (int k = length - 1; k > 0; k--) {
            target.set(ValueLayout.JAVA_BYTE, offset + k, (byte) (0x80 | (rest & 0x3F)));
            rest >>>= 6;
        }
        target.set(ValueLayout.JAVA_BYTE, offset, (byte) ((0xF00 >> length) | rest));
        return offset + length;
    }
}
