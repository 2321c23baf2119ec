package dev.slipway.server.spi;

import dev.slipway.core.Failure;

/**
 * A protocol that clients speak: paths and gRPC services on the common port, and its own form of failures. The one that
 * answers {@code /} also answers, in its form, paths that belong to none.
 */
public interface Dialect {

    String name();

    /** Adds the dialect's routes and services. */
    void mount(Mount mount);

    /** Answers a failure in the dialect's own form and status. */
    void fail(Exchange exchange, Failure failure);

    /**
     * Answers in the dialect's own form what HTTP itself refuses: no such path, a method that the path does not take, a
     * head or body that breaks its rules. The default is {@code application/problem+json}.
     *
     * @param status 400, 404, 405 (whose {@code Allow} is already set), 408, 414, 415, 431, 501 or 505
     */
    default void refuse(Exchange exchange, int status, String detail) {
        exchange.respond(status, Problem.CONTENT_TYPE, Problem.of(status, detail, exchange.requestId()));
    }
}
