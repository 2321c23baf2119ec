package dev.slipway.server.kit;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.server.spi.Dialect;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.Mount;
import dev.slipway.server.spi.Permission;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/** A dialect with a path more for each of some failures, at which nothing but that failure happens. */
final class FailingDialect implements Dialect {

    private final Dialect dialect;
    private final List<Failure> failures;

    FailingDialect(Dialect dialect, List<Failure> failures) {
        this.dialect = dialect;
        this.failures = failures;
    }

    static String path(int failure) {
        return "/kit/failures/" + failure;
    }

    @Override
    public String name() {
        return dialect.name();
    }

    @Override
    public void mount(Mount mount) {
        dialect.mount(mount);
        for (int i = 0; i < failures.size(); i++) {
            Failure failure = failures.get(i);
            mount.route(HttpMethod.GET, path(i), Permission.INFER, _ -> {
                throw new FailureException(failure);
            });
        }
    }

    @Override
    public void fail(Exchange exchange, Failure failure) {
        dialect.fail(exchange, failure);
    }

    @Override
    public void refuse(Exchange exchange, int status, String detail) {
        dialect.refuse(exchange, status, detail);
    }
}
