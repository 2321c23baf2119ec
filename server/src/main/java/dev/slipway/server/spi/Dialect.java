package dev.slipway.server.spi;

import dev.slipway.core.Failure;

/** A protocol that clients speak: paths and gRPC services on the common port, and its own form of failures. */
public interface Dialect {

    String name();

    /** Adds the dialect's routes and services. */
    void mount(Mount mount);

    /** Answers a failure in the dialect's own form and status. */
    void fail(Exchange exchange, Failure failure);
}
