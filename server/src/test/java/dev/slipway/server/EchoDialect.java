package dev.slipway.server;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.EmptyProto;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelName;
import dev.slipway.core.TensorLease;
import dev.slipway.json.JsonWriter;
import dev.slipway.server.spi.Dialect;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.GrpcExchange;
import dev.slipway.server.spi.GrpcMethod;
import dev.slipway.server.spi.Mount;
import dev.slipway.server.spi.NativeBuffers;
import dev.slipway.server.spi.Permission;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** Answers with what it gets, or misbehaves as a test wants. */
final class EchoDialect implements Dialect {

    final CountDownLatch arrived = new CountDownLatch(1);
    final CountDownLatch gone = new CountDownLatch(1);
    final CountDownLatch written = new CountDownLatch(1);
    final Semaphore uploading = new Semaphore(0);
    final AtomicLong flooded = new AtomicLong();
    final AtomicLong takenBack = new AtomicLong();
    final CompletableFuture<String> held = new CompletableFuture<>();

    @Override
    public String name() {
        return "slipway";
    }

    @Override
    public void mount(Mount mount) {
        mount.route(HttpMethod.POST, "/echo", Permission.INFER, this::echo);
        mount.route(
                HttpMethod.GET,
                "/echo/{word}/of/{name}",
                Permission.INFER,
                exchange -> exchange.json(
                        200, exchange.path("word") + "|" + exchange.path("name") + "|" + exchange.query("q")));
        mount.route(
                HttpMethod.GET, "/echo/literal/of/all", Permission.INFER, exchange -> exchange.json(200, "literal"));
        mount.route(HttpMethod.POST, "/upload", Permission.ADMINISTER, this::upload);
        mount.route(HttpMethod.GET, "/boom", Permission.INFER, _ -> {
            throw new IllegalStateException("secret detail");
        });
        mount.route(HttpMethod.GET, "/busy", Permission.INFER, _ -> {
            throw new FailureException(new Failure.Overloaded("busy", Duration.ofSeconds(7)));
        });
        mount.route(HttpMethod.GET, "/held", Permission.INFER, exchange -> {
            exchange.cancellation().onCancel(gone::countDown);
            arrived.countDown();
            exchange.await(held, text -> exchange.json(200, text));
        });
        mount.route(HttpMethod.GET, "/written", Permission.INFER, this::written);
        mount.route(HttpMethod.GET, "/confined/{bytes}", Permission.INFER, EchoDialect::confined);
        mount.route(HttpMethod.GET, "/large/{bytes}", Permission.INFER, exchange -> large(exchange, mount));
        mount.route(
                HttpMethod.GET, "/secret", Permission.ADMINISTER, exchange -> exchange.json(200, exchange.principal()));
        mount.grpc(
                service("Hold", "Answer", "Flood"),
                Map.of(
                        "Hold", new GrpcMethod(Permission.INFER, this::hold),
                        "Answer", new GrpcMethod(Permission.INFER, EchoDialect::answer),
                        "Flood", new GrpcMethod(Permission.INFER, this::flood)));
    }

    /** {@code test.Echo}, whose messages are empty. */
    private static ServiceDescriptor service(String... methods) {
        String message = EmptyProto.getDescriptor().getMessageTypes().getFirst().getFullName();
        var service = ServiceDescriptorProto.newBuilder().setName("Echo");
        for (String method : methods) {
            service.addMethod(MethodDescriptorProto.newBuilder()
                    .setName(method)
                    .setInputType("." + message)
                    .setOutputType("." + message));
        }
        var file = FileDescriptorProto.newBuilder()
                .setName("echo.proto")
                .setPackage("test")
                .addDependency(EmptyProto.getDescriptor().getName())
                .addService(service);
        try {
            return FileDescriptor.buildFrom(file.build(), new FileDescriptor[] {EmptyProto.getDescriptor()})
                    .findServiceByName("Echo");
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void hold(GrpcExchange call) {
        call.cancellation().onCancel(gone::countDown);
        call.message().onSuccess(message -> {
            message.close();
            arrived.countDown();
        });
    }

    private static void answer(GrpcExchange call) {
        call.message().onSuccess(message -> {
            message.close();
            call.answeredBy(new InferenceResponse(
                    ModelName.of("m"), 3, "", List.of(), Map.of(), new InferenceResponse.Timing(1, 1, 1)));
            call.end();
        });
    }

    /** Answers without end, as fast as the client takes it. */
    private void flood(GrpcExchange call) {
        call.cancellation().onCancel(gone::countDown);
        Buffer piece = Buffer.buffer(new byte[64 << 10]);
        Runnable more = () -> {
            while (!call.over() && !call.full()) {
                call.write(piece, () -> takenBack.addAndGet(piece.length()));
                flooded.addAndGet(piece.length());
            }
        };
        call.onRoom(more);
        call.message().onSuccess(message -> {
            message.close();
            more.run();
        });
    }

    private void echo(Exchange exchange) {
        exchange.cancellation().onCancel(gone::countDown);
        Future<TensorLease> content = exchange.body();
        arrived.countDown();
        exchange.await(
                content,
                body -> exchange.respond(
                        200,
                        "application/octet-stream",
                        NativeBuffers.of(List.of(body.tensor().data())),
                        body::close));
    }

    private void upload(Exchange exchange) {
        Future<Path> content = exchange.upload();
        uploading.release();
        exchange.await(
                content,
                (Path file) -> exchange.await(
                        exchange.blocking(() -> {
                            try {
                                return Files.size(file);
                            } finally {
                                Files.delete(file);
                            }
                        }),
                        size -> exchange.json(200, Long.toString(size))));
    }

    private void written(Exchange exchange) {
        exchange.cancellation().onCancel(gone::countDown);
        arrived.countDown();
        exchange.await(held, text -> {
            try {
                JsonWriter json = exchange.writer().value(text);
                exchange.respond(200, "application/json", NativeBuffers.of(json.buffer(), json.size()));
            } finally {
                written.countDown();
            }
        });
    }

    /** An answer in memory that only the event loop may read: what compresses it beside the loop fails. */
    private static void confined(Exchange exchange) {
        Arena arena = Arena.ofConfined();
        MemorySegment text = arena.allocate(Long.parseLong(exchange.path("bytes")));
        exchange.respond(200, "text/plain", NativeBuffers.of(List.of(text.fill((byte) ' '))), arena::close);
    }

    private void large(Exchange exchange, Mount mount) {
        long size = Long.parseLong(exchange.path("bytes"));
        TensorLease lease = mount.deployments()
                .server()
                .pool()
                .allocate(dev.slipway.core.DataType.UINT8, dev.slipway.core.Shape.of(size));
        lease.tensor().data().fill((byte) ' ');
        arrived.countDown();
        exchange.respond(
                200, "text/plain", NativeBuffers.of(List.of(lease.tensor().data())), () -> {
                    lease.close();
                    gone.countDown();
                });
    }

    @Override
    public void fail(Exchange exchange, Failure failure) {
        int status = switch (failure) {
            case Failure.BadInput _ -> 400;
            case Failure.TooLarge _ -> 413;
            case Failure.Overloaded _ -> 503;
            case Failure.Forbidden _ -> 403;
            case Failure.Unauthenticated _ -> 401;
            default -> 500;
        };
        exchange.respond(status, "text/plain", Buffer.buffer(failure.detail()));
    }
}
