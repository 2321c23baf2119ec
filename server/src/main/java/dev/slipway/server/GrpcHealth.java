package dev.slipway.server;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Quoted;
import dev.slipway.core.TensorLease;
import dev.slipway.server.spi.GrpcExchange;
import dev.slipway.server.spi.GrpcMethod;
import dev.slipway.server.spi.Permission;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.health.v1.HealthCheckRequest;
import io.vertx.grpc.health.v1.HealthCheckResponse;
import io.vertx.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.vertx.grpc.health.v1.HealthListResponse;
import io.vertx.grpc.health.v1.HealthProto;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The service {@code grpc.health.v1.Health}: all services of the server are ready when it is. */
final class GrpcHealth {

    private static final long LOOK_MILLIS = 500;

    private final Vertx vertx;
    private final GrpcMethods methods;
    private final BooleanSupplier ready;

    private GrpcHealth(Vertx vertx, GrpcMethods methods, BooleanSupplier ready) {
        this.vertx = vertx;
        this.methods = methods;
        this.ready = ready;
    }

    /** Adds the service. */
    static void add(Vertx vertx, GrpcMethods methods, BooleanSupplier ready) {
        GrpcHealth health = new GrpcHealth(vertx, methods, ready);
        methods.add(
                HealthProto.getDescriptor().findServiceByName("Health"),
                Map.of(
                        "Check", new GrpcMethod(Permission.PUBLIC, health::check),
                        "List", new GrpcMethod(Permission.PUBLIC, health::list),
                        "Watch", new GrpcMethod(Permission.PUBLIC, health::watch)));
    }

    private void check(GrpcExchange call) {
        asked(call, service -> {
            if (!known(service)) {
                call.end(GrpcStatus.NOT_FOUND, unknown(service));
                return;
            }
            call.write(response(status(service)));
            call.end();
        });
    }

    private void list(GrpcExchange call) {
        call.message().onSuccess(message -> {
            message.close();
            HealthListResponse.Builder all = HealthListResponse.newBuilder();
            HealthCheckResponse now =
                    HealthCheckResponse.newBuilder().setStatus(status("")).build();
            all.putStatuses("", now);
            methods.services().forEach(service -> all.putStatuses(service.getFullName(), now));
            call.write(Buffer.buffer(all.build().toByteArray()));
            call.end();
        });
    }

    /** Tells the status, and again whenever it changes, until the client has enough. */
    private void watch(GrpcExchange call) {
        asked(call, service -> {
            ServingStatus[] told = {status(service)};
            call.write(response(told[0]));
            long timer = vertx.setPeriodic(LOOK_MILLIS, _ -> {
                ServingStatus now = status(service);
                if (now != told[0]) {
                    told[0] = now;
                    call.write(response(now));
                }
            });
            call.cancellation().onCancel(() -> vertx.cancelTimer(timer));
        });
    }

    private static void asked(GrpcExchange call, Consumer<String> answer) {
        call.message().onSuccess(message -> {
            try (message) {
                answer.accept(service(message));
            } catch (FailureException e) {
                call.fail(e.failure());
            }
        });
    }

    private static String service(TensorLease message) {
        try {
            return HealthCheckRequest.parseFrom(message.tensor().data().asByteBuffer())
                    .getService();
        } catch (InvalidProtocolBufferException e) {
            throw new FailureException(
                    Failure.BadInput.malformed("the message is no HealthCheckRequest: " + e.getMessage()), e);
        }
    }

    private String unknown(String service) {
        return "there is no service " + Quoted.of(service) + ", only "
                + methods.services().stream()
                        .map(ServiceDescriptor::getFullName)
                        .collect(Collectors.joining(", "));
    }

    private boolean known(String service) {
        return service.isEmpty()
                || methods.services().stream()
                        .anyMatch(known -> known.getFullName().equals(service));
    }

    private ServingStatus status(String service) {
        if (!known(service)) {
            return ServingStatus.SERVICE_UNKNOWN;
        }
        return ready.getAsBoolean() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    }

    private static Buffer response(ServingStatus status) {
        return Buffer.buffer(
                HealthCheckResponse.newBuilder().setStatus(status).build().toByteArray());
    }
}
