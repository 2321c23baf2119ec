package dev.slipway.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.Http1xOrH2CHandler;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.regex.Pattern;

/**
 * Reads the heads of HTTP/1 requests as Vert.x does, and refuses two that it would take or answer by itself: one that says
 * in two ways where its body ends, and one of another version.
 */
final class HeadDecoder extends VertxHttpRequestDecoder {

    private static final String NAME = "httpDecoder";
    private static final Pattern VERSION = Pattern.compile("HTTP/[0-9]\\.[0-9]");

    private HeadDecoder(HttpServerOptions options) {
        super(options);
    }

    /** Puts one in the place of Vert.x's own as soon as that is there; before the first bytes of a socket are read. */
    static void prepare(ChannelPipeline pipeline, HttpServerOptions options) {
        String chooser = pipeline.context(Http1xOrH2CHandler.class).name();
        pipeline.addAfter(chooser, null, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext reading, Object bytes) {
                if (pipeline.get(NAME) != null) {
                    pipeline.replace(NAME, NAME, new HeadDecoder(options));
                }
                pipeline.remove(this);
                reading.fireChannelRead(bytes);
            }
        });
    }

    @Override
    protected HttpMessage createMessage(String[] line) {
        String version = line[2];
        if (version.equals("HTTP/1.1") || version.equals("HTTP/1.0")) {
            return super.createMessage(line);
        }
        throw VERSION.matcher(version).matches()
                ? new Refusal(505, "version " + version + " is none of HTTP/1.1, HTTP/1.0, HTTP/2")
                : new Refusal(400, "the request is not HTTP");
    }

    @Override
    protected HttpMessage createInvalidMessage() {
        return super.createInvalidMessage().setProtocolVersion(HttpVersion.HTTP_1_1);
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new Refusal(400, "content-length and transfer-encoding are both given, one says where the body ends");
    }
}
