package dev.slipway.server;

import dev.slipway.core.Failure;
import dev.slipway.server.spi.Dialect;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.Mount;
import dev.slipway.server.spi.Permission;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;

/** What the server answers itself. */
final class ServerRoutes implements Dialect {

    private final Metrics metrics;

    ServerRoutes(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public String name() {
        return "server";
    }

    @Override
    public void mount(Mount mount) {
        mount.route(
                HttpMethod.GET, "/health/live", Permission.PUBLIC, exchange -> exchange.json(200, "{\"live\":true}"));
        mount.route(HttpMethod.GET, "/health/ready", Permission.PUBLIC, exchange -> {
            boolean ready = mount.info().ready();
            exchange.json(ready ? 200 : 503, "{\"ready\":" + ready + "}");
        });
        mount.route(
                HttpMethod.GET,
                "/metrics",
                Permission.ADMINISTER,
                exchange -> exchange.await(
                        exchange.blocking(metrics::scrape),
                        text -> exchange.respond(
                                200, "text/plain; version=0.0.4; charset=utf-8", Buffer.buffer(text))));
    }

    @Override
    public void fail(Exchange exchange, Failure failure) {
        int status = switch (failure) {
            case Failure.Forbidden _ -> 403;
            case Failure.Unauthenticated _ -> 401;
            case Failure.BadInput _ -> 400;
            case Failure.TooLarge _ -> 413;
            case Failure.ModelNotFound _, Failure.VersionNotFound _ -> 404;
            case Failure.Conflict _ -> 409;
            case Failure.Cancelled _ -> 499;
            case Failure.NotReady _, Failure.Overloaded _ -> 503;
            case Failure.DeadlineExceeded _ -> 504;
            case Failure.Unsupported _ -> 501;
            case Failure.ModelFailed _, Failure.Internal _ -> 500;
            case Failure.InsufficientStorage _ -> 507;
        };
        refuse(exchange, status, failure.detail());
    }
}
