package dev.slipway.server.spi;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Vert.x buffers and native memory, without a copy where one is not needed.
 *
 * <p>What goes out is written from where the engine left it.
 */
public final class NativeBuffers {

    private NativeBuffers() {}

    /** The bytes of a received buffer, as they are. */
    public static ByteBuffer bytes(Buffer buffer) {
        return ((BufferInternal) buffer).getByteBuf().nioBuffer();
    }

    /** A buffer over the parts, which must stay as they are until it is written. */
    public static Buffer of(List<MemorySegment> parts) {
        ByteBuf[] buffers = new ByteBuf[parts.size()];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = Unpooled.wrappedBuffer(parts.get(i).asByteBuffer());
        }
        return BufferInternal.buffer(Unpooled.wrappedBuffer(Math.max(1, buffers.length), buffers));
    }

    /** One buffer after another, both as they are. */
    public static Buffer joined(Buffer first, Buffer second) {
        return BufferInternal.buffer(
                Unpooled.wrappedBuffer(((BufferInternal) first).getByteBuf(), ((BufferInternal) second).getByteBuf()));
    }

    /** The parts of a buffer that is not empty, each in one piece of memory. */
    public static List<Buffer> parts(Buffer buffer) {
        ByteBuf bytes = ((BufferInternal) buffer).getByteBuf();
        if (bytes.nioBufferCount() == 1) {
            return List.of(buffer);
        }
        return Arrays.stream(bytes.nioBuffers())
                .filter(ByteBuffer::hasRemaining)
                .map(part -> (Buffer) BufferInternal.buffer(Unpooled.wrappedBuffer(part)))
                .toList();
    }

    /** A buffer over the first bytes of an array, which must stay as it is until it is written. */
    public static Buffer of(byte[] array, int size) {
        return BufferInternal.buffer(Unpooled.wrappedBuffer(array, 0, size));
    }
}
