package dev.slipway.server;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, which says where its body ends and whom it is for. One that a server in front could read
 * otherwise than this one is refused, and its connection ends.
 */
final class RequestHead {

    private RequestHead() {}

    /** Why it is refused, or null. */
    static @Nullable Refusal refusal(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            Refusal unclear = unclearBody(request);
            return unclear != null ? unclear : unclearHost(request);
        }
        return null;
    }

    private static @Nullable Refusal unclearBody(HttpServerRequest request) {
        List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        if (codings.isEmpty()) {
            return null;
        }
        if (request.version() == HttpVersion.HTTP_1_0) {
            return new Refusal(400, "HTTP/1.0 has no transfer-encoding");
        }
        return codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked")
                ? null
                : new Refusal(501, "transfer-encoding '" + String.join(", ", codings) + "' is not chunked alone");
    }

    private static @Nullable Refusal unclearHost(HttpServerRequest request) {
        int hosts = request.headers().getAll(HttpHeaders.HOST).size();
        boolean needed = request.version() == HttpVersion.HTTP_1_1;
        return hosts > 1 || (needed && hosts == 0)
                ? new Refusal(400, "one Host header is needed, " + hosts + " given")
                : null;
    }

    /** The length that the headers declare; -1 when they do not say, 0 when there is no body. */
    static long declaredLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            try {
                return Long.parseLong(length);
            } catch (NumberFormatException e) {
                throw new Refusal(400, "content-length '" + length + "' is not a number");
            }
        }
        boolean chunked = request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
        return chunked || request.version() == HttpVersion.HTTP_2 ? -1 : 0;
    }

    /** Whether a body may follow the head, be that readable or not. */
    static boolean mayHaveBody(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            return !request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD);
        }
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null : !length.equals("0");
    }

    /** Whether it is {@code OPTIONS *}: about the server, not about one of its paths. */
    static boolean asksForAll(HttpServerRequest request) {
        return request.method().equals(HttpMethod.OPTIONS) && request.uri().equals("*");
    }

    /** Whether what follows the question mark can be decoded. */
    static boolean hasReadableQuery(HttpServerRequest request) {
        String query = request.query();
        if (query == null || query.indexOf('%') < 0) {
            return true;
        }
        try {
            var _ = request.params();
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whom the request is for: the authority of an absolute target, which overrides {@code Host}, or that. */
    static @Nullable String authority(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            var authority = request.authority();
            String host = request.getHeader(HttpHeaders.HOST);
            return host != null || authority == null ? host : authority.toString();
        }
        String target = request.uri();
        int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
        if (scheme < 0) {
            return request.getHeader(HttpHeaders.HOST);
        }
        int start = scheme + 3;
        int end = start;
        while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        return target.substring(start, end);
    }
}
