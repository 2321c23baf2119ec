package dev.slipway.server;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Identifiers of requests: the client's if well-formed, else random. For use by one thread. */
final class RequestIds {

    private static final int LONGEST = 128;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final RandomGenerator random;

    RequestIds(RandomGenerator random) {
        this.random = random;
    }

    String of(@Nullable String given) {
        return given != null && wellFormed(given) ? given : random();
    }

    private static boolean wellFormed(String id) {
        if (id.isEmpty() || id.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean allowed = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '_'
                    || c == ':'
                    || c == '-';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    private String random() {
        char[] id = new char[24];
        long bits = random.nextLong();
        for (int i = 0; i < id.length; i++) {
            if (i == 16) {
                bits = random.nextLong();
            }
            id[i] = HEX[(int) (bits & 15)];
            bits >>>= 4;
        }
        return new String(id);
    }
}
