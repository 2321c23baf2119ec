package dev.slipway.packages;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/**
 * A stream that gives only so many bytes before its limit is set anew, so that headers cannot fill the memory. It knows
 * whether the zeros that end a tar were among them.
 */
final class MeteredStream extends FilterInputStream {

    /** The most bytes that the headers of one tar entry may take. */
    static final long LONGEST_HEADERS = 1 << 20;

    /** The most zeros that a tar may be filled up with. */
    static final long LONGEST_END = 4 << 20;

    private final Supplier<? extends RuntimeException> refusal;
    private long left = Long.MAX_VALUE;
    private long zeros;
    private boolean blank;

    /** @param refusal what is thrown when more is read */
    MeteredStream(InputStream in, Supplier<? extends RuntimeException> refusal) {
        super(in);
        this.refusal = refusal;
    }

    void limit(long bytes) {
        left = bytes;
        zeros = 0;
        blank = false;
    }

    /** Whether a block of zeros was read since the limit was set. */
    boolean blank() {
        return blank;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        took(value < 0 ? 0 : 1);
        zeros = value == 0 ? zeros + 1 : 0;
        blank |= zeros >= Archive.TAR_BLOCK;
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        took(Math.max(0, read));
        int end = 0;
        while (end < read && buffer[offset + read - 1 - end] == 0) {
            end++;
        }
        zeros = end == read ? zeros + end : end;
        blank |= zeros >= Archive.TAR_BLOCK;
        return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
        long skipped = super.skip(bytes);
        took(skipped);
        return skipped;
    }

    private void took(long bytes) {
        left -= bytes;
        if (left < 0) {
            throw refusal.get();
        }
    }
}
