package dev.slipway.json;

import dev.slipway.core.DataType;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.lang.foreign.MemorySegment;
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

    public JsonReader(MemorySegment text) {
        throw new UnsupportedOperationException();
    }

    /** What comes next, without taking it. */
    public Token peek() {
        throw new UnsupportedOperationException();
    }

    /** Takes the opening brace of an object. Within it, alternate {@link #nextName} and a value. */
    public void beginObject() {
        throw new UnsupportedOperationException();
    }

    /** The next member's name, or null after taking the closing brace. A name that comes twice is a failure. */
    public @Nullable String nextName() {
        throw new UnsupportedOperationException();
    }

    public void beginArray() {
        throw new UnsupportedOperationException();
    }

    /** Whether the array has another element; takes the closing bracket when not. */
    public boolean nextElement() {
        throw new UnsupportedOperationException();
    }

    public String string() {
        throw new UnsupportedOperationException();
    }

    public long longValue() {
        throw new UnsupportedOperationException();
    }

    public double doubleValue() {
        throw new UnsupportedOperationException();
    }

    public boolean booleanValue() {
        throw new UnsupportedOperationException();
    }

    /** Takes a null. */
    public void nullValue() {
        throw new UnsupportedOperationException();
    }

    /**
     * The next value, whatever it is, as a map, list, string, {@link Long}, {@link Double},
     * {@link java.math.BigDecimal} (what fits neither exactly), boolean or null. For small documents, never for
     * tensors.
     */
    public @Nullable Object value() {
        throw new UnsupportedOperationException();
    }

    /** Checks and passes over the next value. */
    public void skip() {
        throw new UnsupportedOperationException();
    }

    /** Where the next value begins, for {@link #reread}. */
    public long position() {
        throw new UnsupportedOperationException();
    }

    /** A reader of the value that begins at {@code position} of the same text, which was already checked. */
    public JsonReader reread(long position) {
        throw new UnsupportedOperationException();
    }

    /** Refuses anything but white space after the document. */
    public void end() {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads the next value, an array nested or flat, as a tensor of a known shape.
     *
     * @param what how failures call it: {@code input 'x'}
     */
    public TensorLease tensor(String what, DataType dataType, Shape shape, TensorPool pool) {
        throw new UnsupportedOperationException();
    }

    /** Reads the next value, a number or an array whose nesting tells the shape, as a tensor. */
    public TensorLease tensor(String what, DataType dataType, TensorPool pool) {
        throw new UnsupportedOperationException();
    }
}
