package dev.slipway.server.spi;

import dev.slipway.deployment.Deployments;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.Service;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Where a dialect puts what it answers, and what it may use for that. */
public interface Mount {

    /**
     * Adds a route.
     *
     * @param path segments, where <code>{name}</code> stands for one segment (percent-decoded):
     *     {@code /v2/models/{model}/infer}
     * @param permission what the caller must be allowed
     */
    void route(HttpMethod method, String path, Permission permission, Handler handler);

    /**
     * Adds a unary or streaming gRPC service whose messages reach the handler as raw bytes.
     *
     * @param service built with identity marshallers, so that reflection shows it
     * @param permission what the caller of a method, by its bare name, must be allowed; checked before the handler runs
     */
    void grpc(Service service, Function<String, Permission> permission);

    /** Runs blocking work of a gRPC call on a virtual thread and comes back to the event loop that asks for it. */
    <T> Future<T> blocking(Callable<T> work);

    /** Who makes a gRPC call, for the history. */
    String principal(GrpcServerRequest<?, ?> call);

    Deployments deployments();

    ServerInfo info();

    /** Answers an exchange. */
    interface Handler {
        /** Must not block; failures thrown are answered in the dialect's form. */
        void handle(Exchange exchange) throws Exception;
    }
}
