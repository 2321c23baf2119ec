package dev.slipway.protocols.openinference;

import dev.slipway.core.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Base64;

/**
 * A file as base64 in a JSON string, decoded from where it lies. Line breaks and spaces in it are passed over, as Triton's decoder
 * does; what else is not base64 is a failure.
 */
final class Base64Text implements LoadFiles.Content {

    private final String parameter;
    private final MemorySegment string;

    /** @param string with its quotes, checked */
    Base64Text(String parameter, MemorySegment string) {
        this.parameter = parameter;
        this.string = string;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        InputStream in = Base64.getDecoder().wrap(new Letters());
        byte[] part = new byte[1 << 13];
        for (int length = next(in, part); length >= 0; length = next(in, part)) {
            out.write(part, 0, length);
        }
    }

    private int next(InputStream in, byte[] part) {
        try {
            return in.read(part);
        } catch (IOException e) {
            throw InputCheck.plain("parameter " + Quoted.of(parameter) + ": its value is not base64");
        }
    }

    /** The letters of the string, without its white space. */
    private final class Letters extends InputStream {

        private long at = 1;

        @Override
        public int read() {
            int letter = ' ';
            while (letter == ' ' || letter == '\n' || letter == '\r' || letter == '\t') {
                if (at == string.byteSize() - 1) {
                    return -1;
                }
                letter = take();
                if (letter == '\\') {
                    letter = escaped(take());
                }
            }
            return letter;
        }

        @Override
        public int read(byte[] into, int from, int most) {
            int length = 0;
            for (int letter = 0; length < most && (letter = read()) >= 0; length++) {
                into[from + length] = (byte) letter;
            }
            return length == 0 && most > 0 ? -1 : length;
        }

        private int take() {
            return string.get(ValueLayout.JAVA_BYTE, at++) & 0xFF;
        }

        private int escaped(int letter) {
            return switch (letter) {
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> {
                    int code = 0;
                    for (int i = 0; i < 4; i++) {
                        code = code << 4 | Character.digit(take(), 16);
                    }
                    yield code < 0x80 ? code : 0;
                }
                case 'b', 'f' -> 0;
                default -> letter;
            };
        }
    }
}
