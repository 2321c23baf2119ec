package dev.slipway.packages;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.function.Supplier;

/** A file that gives only so many bytes until its limit is lifted, so that a directory of entries cannot fill the memory. */
final class MeteredChannel implements SeekableByteChannel {

    private final SeekableByteChannel file;
    private final Supplier<? extends RuntimeException> refusal;
    private long left;

    /** @param refusal what is thrown when more is read */
    MeteredChannel(SeekableByteChannel file, long limit, Supplier<? extends RuntimeException> refusal) {
        this.file = file;
        this.refusal = refusal;
        this.left = limit;
    }

    void lift() {
        left = Long.MAX_VALUE;
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        int read = file.read(to);
        left -= Math.max(0, read);
        if (left < 0) {
            throw refusal.get();
        }
        return read;
    }

    @Override
    public int write(ByteBuffer from) {
        throw new NonWritableChannelException();
    }

    @Override
    public long position() throws IOException {
        return file.position();
    }

    @Override
    public MeteredChannel position(long position) throws IOException {
        file.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public MeteredChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
