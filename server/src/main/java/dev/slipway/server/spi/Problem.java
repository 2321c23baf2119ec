package dev.slipway.server.spi;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** The plainest {@code application/problem+json} (RFC 9457), for what happens before a dialect is known. */
public final class Problem {

    public static final String CONTENT_TYPE = "application/problem+json";

    private Problem() {}

    /** A problem without a type of its own: its title is that of the status. */
    public static Buffer of(int status, String detail, String requestId) {
        return new JsonObject()
                .put("type", "about:blank")
                .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
                .put("status", status)
                .put("detail", detail)
                .put("request_id", requestId)
                .toBuffer();
    }
}
