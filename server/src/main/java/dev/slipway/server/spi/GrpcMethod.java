package dev.slipway.server.spi;

import java.util.function.Consumer;

/**
 * What answers the calls of a gRPC method.
 *
 * @param permission what the caller must be allowed; checked before the handler runs
 * @param handler must not block; it asks for the call's message or messages before it returns
 */
public record GrpcMethod(Permission permission, Consumer<GrpcExchange> handler) {}
