package dev.slipway.server.spi;

import dev.slipway.core.Failure;

/** A protocol that clients speak: paths and gRPC services on the common port, and its own form of failures. */
public interface Dialect {

    String name();

    /** Adds the dialect's routes and services. */
    void mount(Mount mount);

    /** Answers a failure in the dialect's own form and status. */
    void fail(Exchange exchange, Failure failure);

    /**
     * Answers in the dialect's own form what HTTP itself refuses before any route is reached: no such path, a method
     * that the path does not take. The default is {@code application/problem+json}.
     *
     * @param status 404 or 405, whose {@code Allow} is already set
     */
    default void refuse(Exchange exchange, int status, String detail) {
        exchange.respond(status, Problem.CONTENT_TYPE, Problem.of(status, detail, exchange.requestId()));
    }
}
