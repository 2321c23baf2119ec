package dev.slipway.server;

import dev.slipway.core.Failure;
import dev.slipway.server.Access.Allowed;
import dev.slipway.server.Access.Refused;
import dev.slipway.server.config.Limits;
import dev.slipway.server.spi.Dialect;
import dev.slipway.server.spi.Permission;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One event loop of a listener: its connections, its live requests, and the sweep that ends what takes too long. */
final class Loop extends VerticleBase {

    private static final long SWEEP_MILLIS = 250;
    private static final long DRAIN_LOOK_MILLIS = 20;

    /** Many callers with short deadlines share a channel of gRPC; more than this is no caller that gives up (CVE-2023-44487). */
    private static final int RESETS_A_SECOND = 1_000;

    /** What is read of a socket at a time. */
    private static final int LARGEST_CHUNK = 64 << 10;

    private final Shared shared;
    private final Access access;
    private final int port;
    private final IdentityHashMap<HttpConnection, Connection> connections = new IdentityHashMap<>();
    private final Set<Ongoing> live = new LinkedHashSet<>();
    private final RequestIds ids = new RequestIds(new SplittableRandom());
    private @Nullable HttpServer http;

    Loop(Shared shared, Access access, int port) {
        this.shared = shared;
        this.access = access;
        this.port = port;
    }

    @Override
    public Future<?> start() {
        HttpServer server = vertx.createHttpServer(options(shared.config().limits()));
        http = server;
        server.connectionHandler(this::connected);
        server.requestHandler(this::handle);
        server.invalidRequestHandler(this::refuseInvalid);
        server.exceptionHandler(_ -> {});
        vertx.setPeriodic(SWEEP_MILLIS, _ -> sweep());
        return server.listen(port, access.host());
    }

    /** What the listeners are told. */
    static HttpServerOptions options(Limits limits) {
        return new HttpServerOptions()
                .setHttp2ClearTextEnabled(true)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setMaxHeaderSize((int) limits.header().bytes())
                .setMaxChunkSize(LARGEST_CHUNK)
                .setMaxInitialLineLength((int) Math.min(8192, limits.header().bytes()))
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(limits.streams())
                        .setMaxHeaderListSize(limits.header().bytes())
                        .setInitialWindowSize(1 << 20))
                .setHttp2ConnectionWindowSize(1 << 22)
                .setHttp2RstFloodMaxRstFramePerWindow(RESETS_A_SECOND)
                .setHttp2RstFloodWindowDuration(1)
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setReuseAddress(true)
                .setAcceptBacklog(1024);
    }

    int actualPort() {
        return http == null ? 0 : http.actualPort();
    }

    private void connected(HttpConnection connection) {
        connections.put(connection, new Connection(connection, System.nanoTime()));
        connection.closeHandler(_ -> connections.remove(connection));
    }

    private void handle(HttpServerRequest request) {
        Connection connection = connections.get(request.connection());
        if (connection == null || !connection.takesMore()) {
            request.connection().close();
            return;
        }
        long now = System.nanoTime();
        connection.begin();
        String contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
        Refusal unclear = RequestHead.refusal(request);
        if (unclear == null && contentType != null && contentType.startsWith("application/grpc")) {
            GrpcCall call =
                    new GrpcCall(this, shared, connection, request, ids.of(request.getHeader("X-Request-Id")), now);
            live.add(call);
            call.run(access);
        } else {
            http(request, connection, now, unclear);
        }
    }

    private void http(HttpServerRequest request, Connection connection, long now, @Nullable Refusal unclear) {
        String path = request.path();
        Routes.Match match =
                path == null || !path.startsWith("/") ? null : shared.routes().match(path);
        Route route = match == null ? null : match.route(request.method());
        Dialect dialect = route != null ? route.dialect() : owner(path);
        String requestId = ids.of(request.getHeader("X-Request-Id"));
        HttpExchange exchange = new HttpExchange(
                this,
                shared,
                connection,
                request,
                route,
                dialect,
                match == null ? List.of() : match.values(),
                requestId,
                now);
        live.add(exchange);
        connection.serves(exchange);
        exchange.begin();
        if (unclear != null) {
            exchange.refuseForGood(unclear);
            return;
        }
        Permission permission = route == null ? Permission.PUBLIC : route.permission();
        switch (access.decide(permission, RequestHead.authority(request), request.headers())) {
            case Refused(Failure failure) -> {
                shared.metrics().rejected(failure.code());
                exchange.fail(failure);
            }
            case Allowed(String principal) -> {
                if (!RequestHead.hasReadableQuery(request)) {
                    exchange.refuse(400, "the query is not percent-encoded");
                } else if (route != null) {
                    exchange.run(route, principal);
                } else if (RequestHead.asksForAll(request)) {
                    exchange.notAllowed(shared.routes().allow());
                } else if (match == null) {
                    exchange.refuse(404, "there is nothing at " + printable(path));
                } else {
                    exchange.notAllowed(match.allow());
                }
            }
        }
    }

    private Dialect owner(@Nullable String path) {
        Dialect owner = path == null ? null : shared.routes().owner(path);
        return owner == null ? shared.fallback() : owner;
    }

    private static String printable(@Nullable String path) {
        String shown = path == null ? "" : path.length() > 200 ? path.substring(0, 200) + "…" : path;
        return "'" + shown + "'";
    }

    /** Answers what cannot be read as a request; nothing is read after it. */
    private void refuseInvalid(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        Refusal refusal = switch (cause) {
            case Refusal known -> known;
            case TooLongHttpLineException _ -> new Refusal(414, "the request line is too long");
            case TooLongHttpHeaderException _ -> new Refusal(431, "the request's headers are too large");
            case null, default -> new Refusal(400, "the request is not HTTP");
        };
        Connection connection = connections.get(request.connection());
        if (connection == null || !connection.takesMore()) {
            request.connection().close();
            return;
        }
        connection.begin();
        String requestId = ids.of(request.getHeader("X-Request-Id"));
        HttpExchange exchange = new HttpExchange(
                this,
                shared,
                connection,
                request,
                null,
                owner(request.path()),
                List.of(),
                requestId,
                System.nanoTime());
        live.add(exchange);
        connection.serves(exchange);
        exchange.begin();
        exchange.refuseForGood(refusal);
    }

    /** A request was answered to the last byte, or its client has gone. */
    void ended(Ongoing request) {
        live.remove(request);
    }

    private void sweep() {
        long now = System.nanoTime();
        for (Ongoing request : List.copyOf(live)) {
            request.sweep(now);
        }
        var timeouts = shared.config().timeouts();
        boolean stopping = shared.stopping().begun();
        List<Connection> expired = new ArrayList<>();
        for (Connection connection : List.copyOf(connections.values())) {
            if (connection.expired(now, timeouts.idle().toNanos())
                    || (stopping && connection.left(now, timeouts.drain().toMillis()))) {
                expired.add(connection);
            }
        }
        expired.forEach(Connection::close);
    }

    /** Lets connections go when nothing goes on in them; from now on in short steps. */
    void leave() {
        context.runOnContext(_ -> {
            sweep();
            vertx.setPeriodic(DRAIN_LOOK_MILLIS, _ -> sweep());
        });
    }
}
