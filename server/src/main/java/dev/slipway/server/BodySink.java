package dev.slipway.server;

import java.nio.ByteBuffer;

/** Where a request's body goes. */
sealed interface BodySink permits MemorySink, FileSink {

    /**
     * Takes what has come; for memory it need be there for this call only.
     *
     * @param received the bytes that have come in all, these included
     */
    void take(ByteBuffer chunk, long received);

    /** All has come: hands it over. */
    void finish();

    /** Gives back what was read; nothing more comes. */
    void abandon(Throwable why);
}
