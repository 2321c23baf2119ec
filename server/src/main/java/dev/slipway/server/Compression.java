package dev.slipway.server;

import dev.slipway.server.spi.NativeBuffers;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** How an answer is compressed. */
enum Compression {
    NONE,
    GZIP,
    DEFLATE;

    private static final int WORTHWHILE = 1024;
    private static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    /** What the client accepts, where the content is text that is long enough for it to pay. */
    static Compression of(@Nullable String acceptEncoding, String contentType, int length) {
        if (acceptEncoding == null || length <= WORTHWHILE || !text(contentType)) {
            return NONE;
        }
        Compression best = NONE;
        for (String part : acceptEncoding.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] pieces = part.split(";", -1);
            if (pieces.length > 1 && pieces[1].strip().matches("q=0(\\.0*)?")) {
                continue;
            }
            switch (pieces[0].strip()) {
                case "gzip", "x-gzip", "*" -> {
                    return GZIP;
                }
                case "deflate" -> best = DEFLATE;
                default -> {}
            }
        }
        return best;
    }

    private static boolean text(String contentType) {
        return contentType.startsWith("text/")
                || contentType.startsWith("application/json")
                || contentType.contains("+json")
                || contentType.startsWith("application/javascript")
                || contentType.startsWith("application/openmetrics-text")
                || contentType.startsWith("image/svg");
    }

    String token() {
        return name().toLowerCase(Locale.ROOT);
    }

    Buffer compress(MemorySegment content) {
        boolean gzip = this == GZIP;
        ByteArrayOutputStream out = new ByteArrayOutputStream((int) Math.min(1 << 24, content.byteSize() / 2 + 64));
        if (gzip) {
            out.writeBytes(GZIP_HEADER);
        }
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, gzip);
        try {
            ByteBuffer bytes = content.asByteBuffer();
            deflater.setInput(bytes.duplicate());
            deflater.finish();
            byte[] piece = new byte[16 << 10];
            while (!deflater.finished()) {
                out.write(piece, 0, deflater.deflate(piece));
            }
            if (gzip) {
                CRC32 crc = new CRC32();
                crc.update(bytes);
                le32(out, crc.getValue());
                le32(out, content.byteSize());
            }
        } finally {
            deflater.end();
        }
        byte[] compressed = out.toByteArray();
        return NativeBuffers.of(compressed, compressed.length);
    }

    private static void le32(ByteArrayOutputStream out, long value) {
        for (int shift = 0; shift < 32; shift += 8) {
            out.write((int) (value >>> shift) & 0xff);
        }
    }
}
