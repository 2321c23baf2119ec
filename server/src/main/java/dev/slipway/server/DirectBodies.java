package dev.slipway.server;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * The bodies of a connection's requests where the socket's bytes lie, before Vert.x copies them to the heap. Vert.x still
 * tells of a body's end, of its breaking off, and of what nobody reads here.
 */
interface DirectBodies {

    /** Reads a body. */
    interface Reader {
        /** Whether it takes the next bytes; from the first time that it does not, all that follow come from Vert.x. */
        boolean ready();

        /** Reads some bytes, which are there for this call only. */
        void read(ByteBuffer bytes);
    }

    /**
     * Sets who reads the body of the request that has just come. Some of a body that is asked for later may be with Vert.x
     * already: then all of it comes from there.
     *
     * @param stream of the request in HTTP/2
     */
    void readBy(int stream, Reader reader);

    /** Has what a buffer holds read, piece by piece of its memory. */
    static void read(ByteBuf bytes, Reader reader) {
        if (bytes.nioBufferCount() == 1) {
            reader.read(bytes.nioBuffer());
        } else {
            for (ByteBuffer piece : bytes.nioBuffers()) {
                reader.read(piece);
            }
        }
    }
}
