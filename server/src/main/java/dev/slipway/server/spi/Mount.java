package dev.slipway.server.spi;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.slipway.deployment.Deployments;
import io.vertx.core.http.HttpMethod;
import java.util.Map;

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
     * Adds a gRPC service.
     *
     * @param methods by their bare names; what of the service is not there is not offered
     */
    void grpc(ServiceDescriptor service, Map<String, GrpcMethod> methods);

    Deployments deployments();

    ServerInfo info();

    /** Answers an exchange. */
    interface Handler {
        /** Must not block; failures thrown are answered in the dialect's form. */
        void handle(Exchange exchange) throws Exception;
    }
}
