package dev.slipway.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.net.impl.VertxHandler;
import org.jspecify.annotations.Nullable;

/** The bodies of an HTTP/1 connection, one after another. */
final class Http1Bodies extends ChannelInboundHandlerAdapter implements DirectBodies {

    private boolean heading;
    private @Nullable Reader reader;

    private Http1Bodies() {}

    /** Those of a connection that Vert.x has prepared for HTTP/1. */
    static Http1Bodies of(ChannelPipeline pipeline) {
        Http1Bodies bodies = new Http1Bodies();
        pipeline.addBefore(pipeline.context(VertxHandler.class).name(), null, bodies);
        return bodies;
    }

    @Override
    public void readBy(int stream, Reader by) {
        if (heading) {
            reader = by;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
        if (message instanceof HttpRequest) {
            head(reading, message);
        } else if (message instanceof HttpContent content) {
            body(reading, content);
        } else {
            reading.fireChannelRead(message);
        }
    }

    private void head(ChannelHandlerContext reading, Object head) {
        reader = null;
        heading = true;
        try {
            reading.fireChannelRead(head);
        } finally {
            heading = false;
        }
    }

    private void body(ChannelHandlerContext reading, HttpContent content) {
        Reader by = reader(content);
        if (by == null) {
            reading.fireChannelRead(content);
            return;
        }
        try {
            DirectBodies.read(content.content(), by);
        } finally {
            content.release();
        }
        if (content instanceof LastHttpContent) {
            reader = null;
            reading.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    private @Nullable Reader reader(HttpContent content) {
        if (reader != null && (content.decoderResult().isFailure() || !reader.ready())) {
            reader = null;
        }
        return reader;
    }
}
