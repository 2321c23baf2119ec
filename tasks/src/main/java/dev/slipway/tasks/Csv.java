package dev.slipway.tasks;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.json.JsonReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads comma-separated values (RFC 4180, UTF-8) record by record; lines may end with CR LF or LF. What is no CSV is a
 * {@code BadInput} failure, a field that is too long {@code TooLarge}.
 */
public final class Csv {

    private static final long LONGEST = JsonReader.MOST_TEXT;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final MemorySegment text;
    private final long limit;
    private final int width;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    private final List<String> fields = new ArrayList<>();
    private long at;
    private int line = 1;
    private int count;
    private boolean empty;

    /**
     * The fields of a record.
     *
     * @param line where it begins, counted from 1
     * @param fields as many as are wanted
     * @param count how many there are
     */
    public record Row(int line, List<String> fields, int count) {
        public Row {
            fields = List.copyOf(fields);
        }
    }

    /**
     * A reader of a text that stays the caller's and unchanged.
     *
     * @param width the most fields that are wanted of a record
     */
    public Csv(MemorySegment text, int width) {
        this.text = text;
        this.limit = text.byteSize();
        this.width = width;
        boolean marked = limit >= 3 && text.asSlice(0, 3).mismatch(MemorySegment.ofArray(BYTE_ORDER_MARK)) < 0;
        this.at = marked ? 3 : 0;
    }

    /** The number of records, or {@code most} where there are more. */
    static int count(MemorySegment text, int most) {
        Csv all = new Csv(text, 0);
        int records = 0;
        while (records < most && all.next() != null) {
            records++;
        }
        return records;
    }

    /** The next record, null after the last; empty lines are left out. */
    public @Nullable Row next() {
        while (at < limit) {
            int begins = line;
            fields.clear();
            count = 0;
            empty = true;
            fields();
            if (count > 1 || !empty) {
                return new Row(begins, fields, count);
            }
        }
        return null;
    }

    private void fields() {
        while (true) {
            if (at < limit && byteAt(at) == '"') {
                quoted();
            } else {
                plain();
            }
            if (at == limit) {
                return;
            }
            int c = byteAt(at++);
            if (c == '\r' && at < limit && byteAt(at) == '\n') {
                at++;
            }
            if (c != ',') {
                line++;
                return;
            }
        }
    }

    private void plain() {
        long start = at;
        while (at < limit && !ends(byteAt(at))) {
            if (byteAt(at) == '"') {
                throw malformed("a quote within a field that does not begin with one");
            }
            at++;
        }
        add(start, at);
    }

    private void quoted() {
        long start = ++at;
        boolean doubled = false;
        while (at < limit) {
            int c = byteAt(at++);
            if (c == '\n') {
                line++;
            } else if (c == '"') {
                if (at < limit && byteAt(at) == '"') {
                    doubled = true;
                    at++;
                    continue;
                }
                if (at < limit && !ends(byteAt(at))) {
                    throw malformed("text after the closing quote of a field");
                }
                add(start, at - 1);
                if (doubled && count <= width) {
                    fields.set(count - 1, fields.getLast().replace("\"\"", "\""));
                }
                return;
            }
        }
        throw malformed("a quoted field that does not end");
    }

    private void add(long from, long to) {
        empty &= from == to;
        if (count++ < width) {
            if (to - from > LONGEST) {
                throw new FailureException(new Failure.TooLarge("CSV in line " + line + ": a field of " + (to - from)
                        + " bytes given, at most " + LONGEST + " are taken"));
            }
            fields.add(decoded(text.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE)));
        }
    }

    private String decoded(byte[] field) {
        try {
            return utf8.decode(ByteBuffer.wrap(field)).toString();
        } catch (CharacterCodingException e) {
            throw new FailureException(
                    Failure.BadInput.malformed("malformed CSV in line " + line + ": it must be UTF-8"), e);
        }
    }

    private int byteAt(long i) {
        return text.get(ValueLayout.JAVA_BYTE, i);
    }

    private static boolean ends(int c) {
        return c == ',' || c == '\r' || c == '\n';
    }

    private FailureException malformed(String what) {
        return new FailureException(Failure.BadInput.malformed("malformed CSV in line " + line + ": " + what));
    }
}
