package dev.slipway.json;

import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.json.JsonFailure.Misfit;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A strict pull reader of one JSON text (RFC 8259, UTF-8) in native memory, which decodes number arrays straight into
 * tensors. Every problem is a {@code BadInput} failure, {@code malformed} where the text is not JSON, that names the
 * position.
 */
public final class JsonReader {

    /** What comes next. */
    public enum Token {
        OBJECT,
        END_OBJECT,
        ARRAY,
        END_ARRAY,
        NAME,
        STRING,
        NUMBER,
        TRUE,
        FALSE,
        NULL,
        END
    }

    /** The deepest nesting that is read. */
    public static final int MAX_DEPTH = 64;

    /** The most bytes of {@link #string}; longer text goes into tensors. */
    public static final int MOST_TEXT = 1 << 20;

    private static final int MAX_DESCRIPTION = 40;
    private static final int MOST_VALUES = 100_000;

    private final MemorySegment text;
    private final long limit;
    private final NumberScanner numbers;
    private final StringScanner strings;
    private final Names names = new Names();
    private @Nullable TensorDecoder tensors;
    private long at;
    private int depth;
    private long objects;
    private long begun;
    private boolean due = true;
    private long mostValues;
    private long valuesLeft;

    /** A reader of a text that stays the caller's and unchanged; one on the heap is copied first. */
    public JsonReader(MemorySegment text) {
        this(text.isNative() ? text : Arena.ofAuto().allocate(text.byteSize()).copyFrom(text), 0);
    }

    private JsonReader(MemorySegment text, long at) {
        this.text = text;
        this.limit = text.byteSize();
        this.numbers = new NumberScanner(text);
        this.strings = new StringScanner(text);
        this.at = at;
    }

    /** Whether there is no text at all, not even space. */
    public boolean empty() {
        return limit == 0;
    }

    /** What comes next, without taking it. */
    public Token peek() {
        skipSpace();
        int c = byteAt(at);
        if (due) {
            return valueToken(at);
        }
        if (depth == 0) {
            end();
            return Token.END;
        }
        boolean object = inObject();
        if (c == (object ? '}' : ']')) {
            return object ? Token.END_OBJECT : Token.END_ARRAY;
        }
        if (first()) {
            return object ? nameToken(at) : valueToken(at);
        }
        if (c != ',') {
            throw Malformed.at(text, at, object ? "',' or '}'" : "',' or ']'");
        }
        long next = afterSpace(at + 1);
        return object ? nameToken(next) : valueToken(next);
    }

    private Token nameToken(long i) {
        if (byteAt(i) != '"') {
            throw Malformed.at(text, i, "a name in quotes");
        }
        return Token.NAME;
    }

    private Token valueToken(long i) {
        return switch (byteAt(i)) {
            case '{' -> Token.OBJECT;
            case '[' -> Token.ARRAY;
            case '"' -> Token.STRING;
            case 't' -> Token.TRUE;
            case 'f' -> Token.FALSE;
            case 'n' -> Token.NULL;
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> Token.NUMBER;
            default -> throw Malformed.at(text, i, "a value");
        };
    }

    /** Takes the opening brace of an object. Within it, alternate {@link #nextName} and a value. */
    public void beginObject() {
        require(Token.OBJECT, "an object");
        open(true);
        names.begin(depth);
    }

    /** The next member's name, or null after taking the closing brace. A name that comes twice is a failure. */
    public @Nullable String nextName() {
        if (due || depth == 0 || !inObject()) {
            throw new IllegalStateException("nextName outside of an object");
        }
        if (peek() == Token.END_OBJECT) {
            names.end(depth);
            close();
            return null;
        }
        if (!first()) {
            at = afterSpace(at + 1);
        }
        begun |= 1L << (depth - 1);
        long quote = at;
        at = strings.scan(quote);
        names.requireRoom(strings.decodedBytes(), quote);
        String name = strings.string(quote);
        names.add(depth, name, quote);
        skipSpace();
        if (byteAt(at) != ':') {
            throw Malformed.at(text, at, "':'");
        }
        at = afterSpace(at + 1);
        due = true;
        return name;
    }

    /** Takes the opening bracket of an array. Within it, alternate {@link #nextElement} and a value. */
    public void beginArray() {
        require(Token.ARRAY, "a list");
        open(false);
    }

    /** Whether the array has another element; takes the closing bracket when not. */
    public boolean nextElement() {
        if (due || depth == 0 || inObject()) {
            throw new IllegalStateException("nextElement outside of an array");
        }
        if (peek() == Token.END_ARRAY) {
            close();
            return false;
        }
        if (!first()) {
            at = afterSpace(at + 1);
        }
        begun |= 1L << (depth - 1);
        due = true;
        return true;
    }

    private void open(boolean object) {
        if (depth == MAX_DEPTH) {
            throw tooDeep(at);
        }
        long bit = 1L << depth++;
        objects = object ? objects | bit : objects & ~bit;
        begun &= ~bit;
        at++;
        due = false;
    }

    private void close() {
        at++;
        depth--;
    }

    private boolean inObject() {
        return (objects >>> (depth - 1) & 1) != 0;
    }

    private boolean first() {
        return (begun >>> (depth - 1) & 1) == 0;
    }

    /** A string of at most {@value #MOST_TEXT} bytes. */
    public String string() {
        require(Token.STRING, "a string");
        long quote = at;
        long after = strings.scan(quote);
        if (strings.decodedBytes() > MOST_TEXT) {
            throw wrong("a string of at most " + MOST_TEXT + " bytes");
        }
        taken(after);
        return strings.string(quote);
    }

    private String wholeString() {
        long quote = at;
        taken(strings.scan(quote));
        return strings.string(quote);
    }

    /** A whole number of 64 bits; one written with a fraction or an exponent is none. */
    public long longValue() {
        require(Token.NUMBER, "a whole number");
        long after = numbers.scan(at);
        if (!numbers.fitsLong()) {
            throw wrong("a whole number of 64 bits");
        }
        taken(after);
        return numbers.longValue();
    }

    public double doubleValue() {
        require(Token.NUMBER, "a number");
        long after = numbers.scan(at);
        double value = numbers.doubleValue();
        if (Double.isInfinite(value)) {
            throw wrong("a number in the range of FP64");
        }
        taken(after);
        return value;
    }

    public boolean booleanValue() {
        Token token = peekValue();
        if (token != Token.TRUE && token != Token.FALSE) {
            throw wrong("true or false");
        }
        taken(literal(text, at, token == Token.TRUE ? "true" : "false"));
        return token == Token.TRUE;
    }

    /** Takes a null. */
    public void nullValue() {
        require(Token.NULL, "null");
        taken(literal(text, at, "null"));
    }

    /**
     * The next value, whatever it is, as a map, list, string, {@link Long}, {@link Double},
     * {@link java.math.BigDecimal} (what fits neither exactly), boolean or null. For small documents, never for
     * tensors: of more than {@value #MOST_VALUES} values it is a failure. A {@code Double} fits exactly when its
     * shortest text is the number that was given.
     */
    public @Nullable Object value() {
        return value(MOST_VALUES);
    }

    /** The same of at most so many values. */
    public @Nullable Object value(long most) {
        mostValues = most;
        valuesLeft = most;
        return tree();
    }

    /** The next value, of however many. */
    @Nullable
    Object wholeValue() {
        return value(Long.MAX_VALUE);
    }

    private @Nullable Object tree() {
        Token token = peekValue();
        if (valuesLeft-- == 0) {
            throw misfit(
                    Misfit.TOO_MUCH, "a document may have " + mostValues + " values, there are more at byte " + at);
        }
        return switch (token) {
            case OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                beginObject();
                for (String name = nextName(); name != null; name = nextName()) {
                    map.put(name, tree());
                }
                yield map;
            }
            case ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                beginArray();
                while (nextElement()) {
                    list.add(tree());
                }
                yield list;
            }
            case STRING -> wholeString();
            case NUMBER -> number();
            case TRUE, FALSE -> booleanValue();
            case NULL -> {
                nullValue();
                yield null;
            }
            case END_OBJECT, END_ARRAY, NAME, END -> throw new IllegalStateException("no value comes next");
        };
    }

    private Object number() {
        long after = numbers.scan(at);
        double value = numbers.doubleValue();
        if (Double.isInfinite(value)) {
            throw wrong("a number in the range of FP64");
        }
        taken(after);
        boolean negativeZero = value == 0 && numbers.negative();
        if (numbers.fitsLong() && !negativeZero) {
            return numbers.longValue();
        }
        if (value == 0) {
            return value;
        }
        BigDecimal exact = new BigDecimal(numbers.text());
        if (exact.compareTo(new BigDecimal(Double.toString(value))) == 0) {
            return value;
        }
        return exact.compareTo(BigDecimal.valueOf(exact.longValue())) == 0 ? (Object) exact.longValue() : exact;
    }

    /** Checks and passes over the next value. */
    public void skip() {
        switch (peekValue()) {
            case OBJECT -> {
                beginObject();
                while (nextName() != null) {
                    skip();
                }
            }
            case ARRAY -> {
                beginArray();
                while (nextElement()) {
                    skip();
                }
            }
            case STRING -> taken(strings.scan(at));
            case NUMBER -> taken(numbers.scan(at));
            case TRUE, FALSE -> booleanValue();
            case NULL -> nullValue();
            case END_OBJECT, END_ARRAY, NAME, END -> throw new IllegalStateException("no value comes next");
        }
    }

    /** Checks and passes over the next value, and gives its text: a part of this one. */
    public MemorySegment text() {
        long from = position();
        skip();
        return text.asSlice(from, at - from);
    }

    /** Where the next value begins, for {@link #reread}. */
    public long position() {
        peekValue();
        return at;
    }

    /** A reader of the value that begins at {@code position} of the same text, which was already checked. */
    public JsonReader reread(long position) {
        return new JsonReader(text, position);
    }

    /** Refuses anything but white space after the document. */
    public void end() {
        if (due || depth > 0) {
            throw new IllegalStateException("end within the document");
        }
        skipSpace();
        if (at < limit) {
            throw Malformed.at(text, at, "the end");
        }
    }

    /**
     * Reads the next value, an array nested or flat, as a tensor of a known shape.
     *
     * @param what how failures call it: {@code input 'x'}
     */
    public TensorLease tensor(String what, DataType dataType, Shape shape, TensorPool pool) {
        peekValue();
        TensorDecoder decoder = decoder();
        TensorLease lease = decoder.decode(at, depth, what, dataType, shape, pool);
        taken(decoder.end());
        return lease;
    }

    /** Reads the next value, a number or an array whose nesting tells the shape, as a tensor. */
    public TensorLease tensor(String what, DataType dataType, TensorPool pool) {
        peekValue();
        TensorDecoder decoder = decoder();
        TensorLease lease = decoder.decode(at, depth, what, dataType, pool);
        taken(decoder.end());
        return lease;
    }

    private TensorDecoder decoder() {
        TensorDecoder decoder = tensors;
        if (decoder == null) {
            decoder = new TensorDecoder(text, numbers, strings);
            tensors = decoder;
        }
        return decoder;
    }

    /** Takes the next value and tells it in a few words, for messages. */
    public String describe() {
        return switch (peekValue()) {
            case OBJECT -> {
                skip();
                yield "an object";
            }
            case ARRAY -> {
                skip();
                yield "a list";
            }
            case STRING -> {
                long after = strings.scan(at);
                long bytes = strings.decodedBytes();
                String given = bytes > MOST_TEXT ? "a string of " + bytes + " bytes" : quoted(strings.string(at));
                taken(after);
                yield given;
            }
            case NUMBER -> {
                taken(numbers.scan(at));
                yield shortened(numbers.text());
            }
            case TRUE, FALSE -> String.valueOf(booleanValue());
            case NULL -> {
                nullValue();
                yield "null";
            }
            case END_OBJECT, END_ARRAY, NAME, END -> throw new IllegalStateException("no value comes next");
        };
    }

    private static String quoted(String given) {
        return "the string \"" + shortened(given) + '"';
    }

    private static String shortened(String given) {
        return given.length() <= MAX_DESCRIPTION ? given : given.substring(0, MAX_DESCRIPTION) + "...";
    }

    private Token peekValue() {
        if (!due) {
            throw new IllegalStateException("no value comes next");
        }
        return peek();
    }

    private void require(Token token, String expected) {
        if (peekValue() != token) {
            throw wrong(expected);
        }
    }

    private JsonFailure wrong(String expected) {
        return misfit(
                Misfit.TYPE,
                "at byte " + at + ": " + expected + " expected, " + reread(at).describe() + " given");
    }

    private static JsonFailure misfit(Misfit misfit, String detail) {
        return JsonFailure.misfit(misfit, Failure.BadInput.of(detail));
    }

    static JsonFailure tooDeep(long position) {
        return JsonFailure.syntax(position, "nested deeper than " + MAX_DEPTH + " arrays and objects");
    }

    private void taken(long after) {
        at = after;
        due = false;
    }

    /** Requires the letters of {@code expected} at {@code from} and returns where they end. */
    static long literal(MemorySegment text, long from, String expected) {
        for (int k = 0; k < expected.length(); k++) {
            long i = from + k;
            if (i >= text.byteSize() || text.get(ValueLayout.JAVA_BYTE, i) != expected.charAt(k)) {
                throw Malformed.at(text, i, "'" + expected + "'");
            }
        }
        return from + expected.length();
    }

    private int byteAt(long i) {
        return i < limit ? text.get(ValueLayout.JAVA_BYTE, i) : -1;
    }

    private void skipSpace() {
        at = afterSpace(at);
    }

    private long afterSpace(long from) {
        long i = from;
        while (i < limit) {
            byte c = text.get(ValueLayout.JAVA_BYTE, i);
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                break;
            }
            i++;
        }
        return i;
    }
}
