package dev.slipway.tasks;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the parts of {@code multipart/form-data} (RFC 7578) in place. */
final class Multipart {

    /** A part: the name of its field, and its content in the body's own memory. */
    record Part(String name, MemorySegment content) {}

    private static final int MAX_HEADERS = 8 << 10;
    private static final byte[] BLANK_LINE = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern NAME =
            Pattern.compile("content-disposition:[^\\r\\n]*;\\s*name=(?:\"([^\"\\r\\n]*)\"|([^;\\s]+))");
    private static final Pattern BOUNDARY = Pattern.compile("[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]");

    private Multipart() {}

    static List<Part> read(MemorySegment body, String boundary, int most) {
        if (!BOUNDARY.matcher(boundary).matches()) {
            throw malformed("its boundary must be 1 to 70 of the letters that RFC 2046 allows");
        }
        byte[] first = ("--" + boundary).getBytes(StandardCharsets.US_ASCII);
        byte[] next = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
        long at = find(body, first, 0);
        if (at < 0) {
            throw malformed("its boundary does not occur");
        }
        at += first.length;
        List<Part> parts = new ArrayList<>();
        while (!startsWith(body, at, "--")) {
            long headers = afterLine(body, at);
            long blank = find(body, BLANK_LINE, headers - 2);
            if (blank < 0 || blank - headers > MAX_HEADERS) {
                throw malformed("the headers of part " + parts.size() + " do not end");
            }
            long content = blank + BLANK_LINE.length;
            long end = find(body, next, blank + 2);
            if (end < content && end >= 0 && end != blank + 2) {
                throw malformed("part " + parts.size() + " has no content");
            }
            if (end < 0) {
                throw malformed("part " + parts.size() + " does not end with the boundary");
            }
            long size = Math.max(0, end - content);
            parts.add(new Part(
                    name(body.asSlice(headers, Math.max(0, blank - headers)), parts.size()),
                    body.asSlice(content, size)));
            if (parts.size() > most) {
                throw new FailureException(new Failure.TooLarge("more than " + most + " parts given"));
            }
            at = end + next.length;
        }
        return parts;
    }

    private static long afterLine(MemorySegment body, long at) {
        long i = at;
        while (i < body.byteSize()
                && (body.get(ValueLayout.JAVA_BYTE, i) == ' ' || body.get(ValueLayout.JAVA_BYTE, i) == '\t')) {
            i++;
        }
        if (!startsWith(body, i, "\r\n")) {
            throw malformed("a boundary is not followed by the end of the line");
        }
        return i + 2;
    }

    private static String name(MemorySegment headers, int part) {
        String text = new String(headers.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        Matcher matcher = NAME.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.find()) {
            throw malformed("part " + part + " has no name in its Content-Disposition");
        }
        int group = matcher.group(1) != null ? 1 : 2;
        return text.substring(matcher.start(group), matcher.end(group));
    }

    private static boolean startsWith(MemorySegment body, long at, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (at + i >= body.byteSize() || body.get(ValueLayout.JAVA_BYTE, at + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static long find(MemorySegment body, byte[] wanted, long from) {
        long last = body.byteSize() - wanted.length;
        for (long i = from; i <= last; i++) {
            int k = 0;
            while (k < wanted.length && body.get(ValueLayout.JAVA_BYTE, i + k) == wanted[k]) {
                k++;
            }
            if (k == wanted.length) {
                return i;
            }
        }
        return -1;
    }

    private static FailureException malformed(String what) {
        return new FailureException(Failure.BadInput.malformed("malformed multipart/form-data: " + what));
    }
}
