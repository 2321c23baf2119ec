package dev.slipway.server;

import io.vertx.core.buffer.Buffer;

/** Where a request's body goes. */
sealed interface BodySink permits MemorySink, FileSink {

    /**
     * Takes what has come.
     *
     * @param received the bytes that have come in all, these included
     */
    void take(Buffer chunk, long received);

    /** All has come: hands it over. */
    void finish();

    /** Gives back what was read; nothing more comes. */
    void abandon(Throwable why);
}
