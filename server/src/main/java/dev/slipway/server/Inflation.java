package dev.slipway.server;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses a gzip (RFC 1952) or deflate (RFC 1950, and bare RFC 1951 as some send it) body while it comes, never
 * further than its limits allow.
 */
final class Inflation {

    private enum Part {
        START,
        DATA,
        TRAILER,
        END
    }

    /** Below this, the ratio says nothing. */
    private static final long RATIO_FROM = 1 << 20;

    private final boolean gzip;
    private final BodySlab slab;
    private final int ratio;
    private final CRC32 crc = new CRC32();
    private final byte[] pending = new byte[4096];
    private @Nullable Inflater inflater;
    private Part part = Part.START;
    private int pendingSize;
    private long consumed;
    private long memberStart;

    Inflation(boolean gzip, BodySlab slab, int ratio) {
        this.gzip = gzip;
        this.slab = slab;
        this.ratio = ratio;
    }

    /** Whether the body must be inflated, from its {@code Content-Encoding}; null: it is plain. */
    static @Nullable Boolean gzip(@Nullable String contentEncoding) {
        if (contentEncoding == null) {
            return null;
        }
        return switch (contentEncoding.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> null;
            case "gzip", "x-gzip" -> true;
            case "deflate" -> false;
            default ->
                throw new Refusal(415, "content-encoding '" + contentEncoding + "' is none of gzip, deflate, identity");
        };
    }

    void accept(ByteBuffer chunk) {
        consumed += chunk.remaining();
        while (chunk.hasRemaining()) {
            switch (part) {
                case START -> start(chunk);
                case DATA -> data(chunk);
                case TRAILER -> trailer(chunk);
                case END -> {
                    if (!gzip) {
                        throw broken("bytes follow its end");
                    }
                    part = Part.START;
                }
            }
        }
    }

    private void start(ByteBuffer chunk) {
        if (pendingSize == pending.length) {
            throw broken("its header does not end");
        }
        pending[pendingSize++] = chunk.get();
        int header = gzip ? gzipHeader() : pendingSize >= 2 ? 0 : -1;
        if (header < 0) {
            return;
        }
        boolean zlib =
                !gzip && (pending[0] & 0x0f) == 8 && (((pending[0] & 0xff) << 8) | (pending[1] & 0xff)) % 31 == 0;
        if (inflater == null) {
            inflater = new Inflater(!zlib);
        } else {
            inflater.reset();
        }
        crc.reset();
        memberStart = slab.size();
        part = Part.DATA;
        int already = pendingSize;
        pendingSize = 0;
        if (!gzip) {
            data(ByteBuffer.wrap(pending.clone(), 0, already));
        }
    }

    /** The length of the gzip header when it is complete, else -1. */
    private int gzipHeader() {
        if (pendingSize < 10) {
            return -1;
        }
        if ((pending[0] & 0xff) != 0x1f || (pending[1] & 0xff) != 0x8b || pending[2] != 8) {
            throw broken("it does not begin like gzip");
        }
        int flags = pending[3];
        int at = 10;
        if ((flags & 4) != 0) {
            if (pendingSize < at + 2) {
                return -1;
            }
            at += 2 + (pending[at] & 0xff) + ((pending[at + 1] & 0xff) << 8);
        }
        for (int text = Integer.bitCount(flags & 0x18); text > 0; text--) {
            while (at < pendingSize && pending[at] != 0) {
                at++;
            }
            at++;
        }
        at += (flags & 2) != 0 ? 2 : 0;
        return pendingSize >= at ? at : -1;
    }

    private void data(ByteBuffer chunk) {
        Inflater inflater = this.inflater;
        if (inflater == null) {
            throw new IllegalStateException("data before its header");
        }
        inflater.setInput(chunk);
        try {
            while (!inflater.finished()) {
                MemorySegment room = slab.room(1 << 16);
                ByteBuffer out = room.asByteBuffer();
                int bytes = inflater.inflate(out);
                if (bytes == 0) {
                    if (inflater.needsDictionary()) {
                        throw broken("it needs a dictionary");
                    }
                    if (inflater.needsInput()) {
                        return;
                    }
                    continue;
                }
                if (gzip) {
                    crc.update(out.flip());
                }
                slab.wrote(bytes);
                checkRatio();
            }
        } catch (DataFormatException e) {
            throw broken(e.getMessage() == null ? "it is damaged" : e.getMessage());
        }
        part = gzip ? Part.TRAILER : Part.END;
    }

    private void checkRatio() {
        if (slab.size() > RATIO_FROM && slab.size() / ratio > consumed) {
            throw new FailureException(new Failure.TooLarge(
                    "compressed body: more than " + ratio + " bytes come out of each byte, which is not allowed"));
        }
    }

    private void trailer(ByteBuffer chunk) {
        pending[pendingSize++] = chunk.get();
        if (pendingSize < 8) {
            return;
        }
        pendingSize = 0;
        if (le32(0) != crc.getValue() || le32(4) != ((slab.size() - memberStart) & 0xffff_ffffL)) {
            throw broken("its checksum or length is wrong");
        }
        part = Part.END;
    }

    private long le32(int at) {
        return (pending[at] & 0xffL)
                | (pending[at + 1] & 0xffL) << 8
                | (pending[at + 2] & 0xffL) << 16
                | (pending[at + 3] & 0xffL) << 24;
    }

    /** Refuses a body that stopped in the middle. */
    void finish() {
        if (part != Part.END && consumed > 0) {
            throw broken("it ends in the middle");
        }
    }

    void close() {
        if (inflater != null) {
            inflater.end();
        }
    }

    private FailureException broken(String why) {
        return new FailureException(
                Failure.BadInput.malformed((gzip ? "gzip" : "deflate") + " body cannot be decompressed: " + why));
    }
}
