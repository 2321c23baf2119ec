package dev.slipway.json;

import dev.slipway.core.FailureException;
import dev.slipway.core.Tensor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one JSON text as UTF-8 into a growing array, numbers in their shortest exact form. */
public final class JsonWriter {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_LONG = 20;

    /** How the array of a writer grows. */
    public interface Growth {

        /**
         * The length of the array that comes after one; called before that is made.
         *
         * @param length of the array that is full
         * @param needed the least that the next must have
         * @throws FailureException when the text must not become so long
         */
        int next(int length, int needed);
    }

    private final Growth growth;
    private final StringBuilder number = new StringBuilder(32);
    private final BitSet begun = new BitSet();
    private byte[] buffer = new byte[256];
    private int size;
    private int depth;
    private boolean named;

    public JsonWriter() {
        this(JsonWriter::half);
    }

    /** A writer whose text is as long as {@code growth} allows. */
    public JsonWriter(Growth growth) {
        this.growth = growth;
    }

    /** Half as long again, or as long as is needed. */
    public static int half(int length, int needed) {
        return Math.max(needed, length + (length >> 1));
    }

    public JsonWriter beginObject() {
        return open('{');
    }

    public JsonWriter endObject() {
        return close('}');
    }

    public JsonWriter beginArray() {
        return open('[');
    }

    public JsonWriter endArray() {
        return close(']');
    }

    public JsonWriter name(String name) {
        separate();
        quoted(name);
        put(':');
        named = true;
        return this;
    }

    private JsonWriter open(char bracket) {
        separate();
        put(bracket);
        begun.clear(++depth);
        return this;
    }

    private JsonWriter close(char bracket) {
        depth--;
        put(bracket);
        return this;
    }

    private void separate() {
        if (named) {
            named = false;
        } else if (begun.get(depth)) {
            put(',');
        } else {
            begun.set(depth);
        }
    }

    /** A map, list, string, number, boolean, null, or a tensor, which is written nested. */
    public JsonWriter value(@Nullable Object value) {
        return switch (value) {
            case null -> raw("null");
            case Map<?, ?> map -> {
                beginObject();
                map.forEach((name, member) -> name(String.valueOf(name)).value(member));
                yield endObject();
            }
            case Iterable<?> list -> {
                beginArray();
                list.forEach(this::value);
                yield endArray();
            }
            case CharSequence string -> {
                separate();
                quoted(string.toString());
                yield this;
            }
            case Boolean truth -> raw(truth ? "true" : "false");
            case Double number -> {
                separate();
                floating(number);
                yield this;
            }
            case Float number -> {
                separate();
                floating(number);
                yield this;
            }
            case BigDecimal number -> raw(number.toString());
            case BigInteger number -> raw(number.toString());
            case Number number -> {
                separate();
                integer(number.longValue());
                yield this;
            }
            case Tensor tensor -> nested(tensor);
            default ->
                throw new IllegalArgumentException(
                        "a " + value.getClass().getName() + " has no form in JSON; give a map, list, string or number");
        };
    }

    /** A JSON text that is known to be valid, as it is. */
    public JsonWriter raw(String json) {
        separate();
        for (int i = 0; i < json.length(); i++) {
            i += character(json, i);
        }
        return this;
    }

    /** The elements in one flat array, row-major. NaN and infinities become null. */
    public JsonWriter flat(Tensor tensor) {
        separate();
        put('[');
        new TensorEncoder(this, tensor).elements(0, tensor.shape().elements());
        put(']');
        return this;
    }

    /** The elements in arrays nested as the shape says; a scalar without any. */
    public JsonWriter nested(Tensor tensor) {
        separate();
        new TensorEncoder(this, tensor).nested();
        return this;
    }

    /** Ends the text with a line feed, as people at a terminal like it. */
    public JsonWriter endLine() {
        put('\n');
        return this;
    }

    /** The array written to; its first {@link #size} bytes are the text. */
    public byte[] buffer() {
        return buffer;
    }

    public int size() {
        return size;
    }

    @Override
    public String toString() {
        return new String(buffer, 0, size, StandardCharsets.UTF_8);
    }

    void put(char ascii) {
        ensure(1);
        buffer[size++] = (byte) ascii;
    }

    void ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            put(text.charAt(i));
        }
    }

    private void ensure(int more) {
        if (buffer.length - size < more) {
            buffer = Arrays.copyOf(buffer, growth.next(buffer.length, Math.addExact(size, more)));
        }
    }

    void integer(long value) {
        if (value >= 0) {
            unsigned(value);
        } else {
            put('-');
            unsigned(-value);
        }
    }

    /** A number from 0 to 2^64-1. */
    void unsigned(long value) {
        ensure(LONGEST_LONG);
        long rest = value;
        int digits = 1;
        for (long left = Long.divideUnsigned(rest, 10); left != 0; left /= 10) {
            digits++;
        }
        int i = size + digits;
        size = i;
        if (rest < 0) {
            long tenth = Long.divideUnsigned(rest, 10);
            buffer[--i] = (byte) ('0' + (rest - 10 * tenth));
            rest = tenth;
        }
        do {
            buffer[--i] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
    }

    void floating(float value) {
        if (!Float.isFinite(value)) {
            ascii("null");
            return;
        }
        number.setLength(0);
        decimal(number.append(value));
    }

    void floating(double value) {
        if (!Double.isFinite(value)) {
            ascii("null");
            return;
        }
        number.setLength(0);
        decimal(number.append(value));
    }

    private void decimal(StringBuilder digits) {
        int length = digits.length();
        ensure(length);
        for (int i = 0; i < length; i++) {
            buffer[size++] = (byte) digits.charAt(i);
        }
    }

    private void quoted(String text) {
        put('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                escaped(c);
            } else {
                i += character(text, i);
            }
        }
        put('"');
    }

    /** One byte of a string, escaped where JSON wants it. */
    void escaped(int c) {
        ensure(6);
        switch (c) {
            case '"', '\\' -> {
                buffer[size++] = '\\';
                buffer[size++] = (byte) c;
            }
            case '\n' -> escape('n');
            case '\r' -> escape('r');
            case '\t' -> escape('t');
            case '\b' -> escape('b');
            case '\f' -> escape('f');
            default -> {
                if (c >= 0x20) {
                    buffer[size++] = (byte) c;
                } else {
                    escape('u');
                    buffer[size++] = '0';
                    buffer[size++] = '0';
                    buffer[size++] = HEX[c >> 4];
                    buffer[size++] = HEX[c & 0xF];
                }
            }
        }
    }

    private void escape(char letter) {
        buffer[size++] = '\\';
        buffer[size++] = (byte) letter;
    }

    /** Writes the character at {@code i} as UTF-8 and returns how many more of {@code text} it took. */
    private int character(String text, int i) {
        ensure(4);
        int c = text.codePointAt(i);
        if (c < 0x80) {
            buffer[size++] = (byte) c;
            return 0;
        }
        if (c < 0x800) {
            buffer[size++] = (byte) (0xC0 | c >> 6);
        } else {
            if (c < 0x10000) {
                c = Character.isSurrogate((char) c) ? 0xFFFD : c;
                buffer[size++] = (byte) (0xE0 | c >> 12);
            } else {
                buffer[size++] = (byte) (0xF0 | c >> 18);
                buffer[size++] = (byte) (0x80 | ((c >> 12) & 0x3F));
            }
            buffer[size++] = (byte) (0x80 | ((c >> 6) & 0x3F));
        }
        buffer[size++] = (byte) (0x80 | (c & 0x3F));
        return c < 0x10000 ? 0 : 1;
    }
}
