package dev.slipway.tasks;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads comma-separated values (RFC 4180, UTF-8); lines may end with CR LF or LF. */
public final class Csv {

    private final String text;
    private int at;
    private int line = 1;

    /**
     * The fields of a record.
     *
     * @param line where it begins, counted from 1
     */
    public record Row(int line, List<String> fields) {
        public Row {
            fields = List.copyOf(fields);
        }
    }

    private Csv(String text) {
        this.text = text;
    }

    /**
     * The records; empty lines are left out.
     *
     * @throws FailureException {@code BadInput} for what is no CSV, {@code TooLarge} for more than {@code most} records
     */
    public static List<Row> read(MemorySegment bytes, int most) {
        try {
            ByteBuffer content = ByteBuffer.wrap(bytes.toArray(ValueLayout.JAVA_BYTE));
            String text = StandardCharsets.UTF_8.newDecoder().decode(content).toString();
            return new Csv(text.startsWith("\ufeff") ? text.substring(1) : text).records(most);
        } catch (CharacterCodingException e) {
            throw new FailureException(Failure.BadInput.malformed("malformed CSV: it must be UTF-8"), e);
        }
    }

    private List<Row> records(int most) {
        List<Row> records = new ArrayList<>();
        while (at < text.length()) {
            int begins = line;
            List<String> fields = fields();
            if (fields.size() > 1 || !fields.getFirst().isEmpty()) {
                records.add(new Row(begins, fields));
            }
            if (records.size() > most) {
                throw new FailureException(new Failure.TooLarge("more than " + most + " lines of CSV given"));
            }
        }
        return records;
    }

    private List<String> fields() {
        List<String> fields = new ArrayList<>();
        while (true) {
            fields.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
            if (at == text.length()) {
                return fields;
            }
            char c = text.charAt(at++);
            if (c == '\r' && at < text.length() && text.charAt(at) == '\n') {
                at++;
            }
            if (c != ',') {
                line++;
                return fields;
            }
        }
    }

    private String plain() {
        int start = at;
        while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            if (text.charAt(at) == '"') {
                throw malformed("a quote within a field that does not begin with one");
            }
            at++;
        }
        return text.substring(start, at);
    }

    private String quoted() {
        StringBuilder field = new StringBuilder();
        at++;
        while (true) {
            int quote = text.indexOf('"', at);
            if (quote < 0) {
                throw malformed("a quoted field that does not end");
            }
            field.append(text, at, quote);
            line += Math.toIntExact(
                    text.substring(at, quote).chars().filter(c -> c == '\n').count());
            at = quote + 1;
            if (at < text.length() && text.charAt(at) == '"') {
                field.append('"');
                at++;
                continue;
            }
            if (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
                throw malformed("text after the closing quote of a field");
            }
            return field.toString();
        }
    }

    private FailureException malformed(String what) {
        return new FailureException(Failure.BadInput.malformed("malformed CSV in line " + line + ": " + what));
    }
}
