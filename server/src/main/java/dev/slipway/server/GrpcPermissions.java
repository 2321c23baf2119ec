package dev.slipway.server;

import dev.slipway.server.spi.Permission;
import io.vertx.grpc.server.Service;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** What the caller of each gRPC method must be allowed, by the path of its request. */
final class GrpcPermissions {

    private final Map<String, Permission> byPath = new ConcurrentHashMap<>();

    void add(Service service, Function<String, Permission> permission) {
        service.methodDescriptors()
                .forEach(method -> byPath.put(
                        "/" + service.name().fullyQualifiedName() + "/" + method.getName(),
                        permission.apply(method.getName())));
    }

    boolean known(String path) {
        return byPath.containsKey(path);
    }

    /** An unknown method needs nothing: the answer is that it does not exist. */
    Permission of(String path) {
        return byPath.getOrDefault(path, Permission.PUBLIC);
    }
}
