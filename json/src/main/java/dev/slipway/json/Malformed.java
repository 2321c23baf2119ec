package dev.slipway.json;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Failures for text that is not JSON, naming the position and what stands there. */
final class Malformed {

    private Malformed() {}

    static JsonFailure at(MemorySegment text, long position, String expected) {
        return JsonFailure.syntax(position, expected + " expected, " + given(text, position) + " given");
    }

    private static String given(MemorySegment text, long position) {
        if (position >= text.byteSize()) {
            return "the end";
        }
        int c = text.get(ValueLayout.JAVA_BYTE, position) & 0xFF;
        return c > 0x20 && c < 0x7F ? "'" + (char) c + "'" : "byte 0x%02X".formatted(c);
    }
}
