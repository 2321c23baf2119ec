package dev.slipway.steps.image;

import java.io.EOFException;
import javax.imageio.stream.ImageInputStreamImpl;

/** A file in memory as image readers take it. */
final class FileBytes extends ImageInputStreamImpl {

    private final byte[] file;

    FileBytes(byte[] file) {
        this.file = file;
    }

    @Override
    public int read() {
        return streamPos < file.length ? file[(int) streamPos++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int at, int most) {
        int length = (int) Math.min(most, file.length - streamPos);
        if (length <= 0) {
            return most == 0 ? 0 : -1;
        }
        System.arraycopy(file, (int) streamPos, into, at, length);
        streamPos += length;
        return length;
    }

    @Override
    public long length() {
        return file.length;
    }

    /** A byte. Of lossless WebP many symbols are decoded at the end of a file, each time asking for a byte more. */
    @Override
    public byte readByte() throws EOFException {
        int next = read();
        if (next < 0) {
            throw new End();
        }
        return (byte) next;
    }

    /** The end, without the cost of telling from where. */
    private static final class End extends EOFException {

        private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
