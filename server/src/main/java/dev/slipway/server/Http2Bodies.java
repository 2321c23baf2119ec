package dev.slipway.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.ByteToMessageDecoder.Cumulator;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/** The bodies of an HTTP/2 connection. What is read of one is given back to its client's window at once. */
final class Http2Bodies extends Http2FrameListenerDecorator implements DirectBodies {

    private static final int LONG_PIECE = 1024;

    private final Http2Connection connection;
    private final Http2Connection.PropertyKey readers;
    private int heading;

    private Http2Bodies(Http2FrameListener vertx, Http2Connection connection) {
        super(vertx);
        this.connection = connection;
        this.readers = connection.newKey();
    }

    /** Those of a connection that Vert.x has prepared for HTTP/2. */
    static Http2Bodies of(Http2ConnectionHandler handler) {
        Http2Bodies bodies = new Http2Bodies(handler.decoder().frameListener(), handler.connection());
        handler.decoder().frameListener(bodies);
        handler.setCumulator(Http2Bodies::gathered);
        return bodies;
    }

    /** What was read before and what is read now: long pieces stay where they are, which takes memory for each of them. */
    private static ByteBuf gathered(ByteBufAllocator allocator, ByteBuf before, ByteBuf now) {
        Cumulator by = now.readableBytes() < LONG_PIECE
                ? ByteToMessageDecoder.MERGE_CUMULATOR
                : ByteToMessageDecoder.COMPOSITE_CUMULATOR;
        return by.cumulate(allocator, before, now);
    }

    @Override
    public void readBy(int stream, Reader reader) {
        Http2Stream open = stream == heading ? connection.stream(stream) : null;
        if (open != null) {
            open.setProperty(readers, reader);
        }
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext reading, int stream, Http2Headers headers, int padding, boolean end)
            throws Http2Exception {
        heading = stream;
        try {
            super.onHeadersRead(reading, stream, headers, padding, end);
        } finally {
            heading = 0;
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext reading,
            int stream,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end)
            throws Http2Exception {
        heading = stream;
        try {
            super.onHeadersRead(reading, stream, headers, dependency, weight, exclusive, padding, end);
        } finally {
            heading = 0;
        }
    }

    @Override
    public int onDataRead(ChannelHandlerContext reading, int stream, ByteBuf data, int padding, boolean end)
            throws Http2Exception {
        Http2Stream open = connection.stream(stream);
        @Nullable Reader reader = open == null ? null : open.getProperty(readers);
        if (open == null || reader == null || !reader.ready()) {
            if (open != null) {
                open.removeProperty(readers);
            }
            return super.onDataRead(reading, stream, data, padding, end);
        }
        int length = data.readableBytes();
        DirectBodies.read(data, reader);
        if (end) {
            super.onDataRead(reading, stream, Unpooled.EMPTY_BUFFER, 0, true);
        }
        return length + padding;
    }
}
