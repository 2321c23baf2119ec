package dev.slipway.packages;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that gives only so many bytes before its limit is set anew, so that headers cannot fill the memory. */
final class MeteredStream extends FilterInputStream {

    /** The most bytes that the headers of one tar entry may take. */
    static final long LONGEST_HEADERS = 1 << 20;

    /** The most zeros that a tar may be filled up with. */
    static final long LONGEST_END = 4 << 20;

    private long left = Long.MAX_VALUE;

    MeteredStream(InputStream in) {
        super(in);
    }

    void limit(long bytes) {
        left = bytes;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        took(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        took(Math.max(0, read));
        return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
        long skipped = super.skip(bytes);
        took(skipped);
        return skipped;
    }

    private void took(long bytes) throws IOException {
        left -= bytes;
        if (left < 0) {
            throw new IOException("the headers of an entry, or what fills it up, take more bytes than are read");
        }
    }
}
