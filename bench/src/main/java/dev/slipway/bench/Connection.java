package dev.slipway.bench;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import org.jspecify.annotations.Nullable;

/** A connection to a server, with one request at a time. */
final class Connection {

    private static final int LONGEST_ERROR = 300;

    private final HttpClientConnection connection;
    private boolean broken;

    Connection(HttpClientConnection connection) {
        this.connection = connection;
        connection.closeHandler(_ -> broken = true);
    }

    /** Whether it takes no more requests. */
    boolean broken() {
        return broken;
    }

    /** Sends a request; completes once the whole answer is here, fails when it is none that is hoped for. */
    Future<Void> exchange(Message message) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setURI(message.path())
                .setHeaders(message.headers());
        return connection
                .request(options)
                .compose(request -> request.send(message.body()))
                .compose(response -> message.protocol() == Protocol.GRPC ? grpcAnswer(response) : restAnswer(response));
    }

    private static Future<Void> restAnswer(HttpClientResponse response) {
        if (response.statusCode() == 200) {
            return response.end();
        }
        return response.body()
                .compose(body -> Future.failedFuture(
                        new Refused("status " + response.statusCode() + ": " + shortened(body.toString()))));
    }

    private static Future<Void> grpcAnswer(HttpClientResponse response) {
        return response.end().compose(_ -> {
            String status = trailer(response, "grpc-status");
            return "0".equals(status)
                    ? Future.succeededFuture()
                    : Future.failedFuture(new Refused("gRPC status " + status + ": "
                            + shortened(String.valueOf(trailer(response, "grpc-message")))));
        });
    }

    private static @Nullable String trailer(HttpClientResponse response, String name) {
        String trailer = response.getTrailer(name);
        return trailer == null ? response.getHeader(name) : trailer;
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR) + "…";
    }

    void close() {
        connection.close();
    }

    /** An answer that is an error. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Refused(String what) {
            super(what, null, false, false);
        }
    }
}
