package dev.slipway.server;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.slipway.core.Failure;
import dev.slipway.server.spi.GrpcMethod;
import dev.slipway.server.spi.Permission;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The gRPC services, and what answers each of their methods by the path of its request. */
final class GrpcMethods {

    private final Map<String, ServiceDescriptor> services = new LinkedHashMap<>();
    private final Map<String, GrpcMethod> byPath = new HashMap<>();
    private final Set<String> streams = new HashSet<>();

    /** Adds a service; what of it has no method here is not offered. */
    void add(ServiceDescriptor service, Map<String, GrpcMethod> methods) {
        services.put(service.getFullName(), service);
        for (var method : service.getMethods()) {
            String name = method.getName();
            GrpcMethod answering = methods.get(name);
            String path = "/" + service.getFullName() + "/" + name;
            byPath.put(path, answering == null ? absent(name) : answering);
            if (method.isClientStreaming() || method.isServerStreaming()) {
                streams.add(path);
            }
        }
    }

    private static GrpcMethod absent(String name) {
        return new GrpcMethod(
                Permission.INFER, call -> call.fail(new Failure.Unsupported(name + " is not offered by this server")));
    }

    @Nullable
    GrpcMethod at(String path) {
        return byPath.get(path);
    }

    /** Whether a call stays open for as long as its client likes. */
    boolean streams(String path) {
        return streams.contains(path);
    }

    List<ServiceDescriptor> services() {
        return List.copyOf(services.values());
    }
}
