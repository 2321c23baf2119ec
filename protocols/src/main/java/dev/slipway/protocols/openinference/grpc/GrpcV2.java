package dev.slipway.protocols.openinference.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.protocols.openinference.wire.V2;
import dev.slipway.server.spi.Mount;
import dev.slipway.server.spi.Permission;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.Service;
import io.vertx.grpc.server.ServiceBuilder;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service {@code inference.GRPCInferenceService}: every method, as raw messages. */
public final class GrpcV2 {

    private static final Logger LOG = LoggerFactory.getLogger(GrpcV2.class);
    private static final ServiceName NAME = ServiceName.create("inference", "GRPCInferenceService");

    private final Mount mount;
    private final ServiceBuilder service =
            Service.service(NAME, V2.getDescriptor().findServiceByName("GRPCInferenceService"));

    private GrpcV2(Mount mount) {
        this.mount = mount;
    }

    /** Adds the service to a mount. */
    public static void mount(Mount mount) {
        GrpcV2 v2 = new GrpcV2(mount);
        v2.bind();
        mount.grpc(v2.service.build(), GrpcV2::permission);
    }

    private static Permission permission(String method) {
        return switch (method) {
            case "ServerLive", "ServerReady" -> Permission.PUBLIC;
            case "RepositoryModelLoad", "RepositoryModelUnload" -> Permission.ADMINISTER;
            default -> Permission.INFER;
        };
    }

    private void bind() {
        Description description = new Description(mount.deployments(), mount.info());
        Repository repository = new Repository(mount.deployments());
        unary("ServerLive", V2.ServerLiveRequest.parser(), (_, _) -> description.live());
        unary("ServerReady", V2.ServerReadyRequest.parser(), (_, _) -> description.ready());
        unary("ModelReady", V2.ModelReadyRequest.parser(), (request, _) -> description.modelReady(request));
        unary("ServerMetadata", V2.ServerMetadataRequest.parser(), (_, _) -> description.server());
        unary("ModelMetadata", V2.ModelMetadataRequest.parser(), (request, _) -> description.model(request));
        unary("ModelConfig", V2.ModelConfigRequest.parser(), (request, _) -> description.config(request));
        unary("ModelStatistics", V2.ModelStatisticsRequest.parser(), (request, _) -> description.statistics(request));
        unary("RepositoryIndex", V2.RepositoryIndexRequest.parser(), (request, _) -> repository.index(request));
        unary("RepositoryModelLoad", V2.RepositoryModelLoadRequest.parser(), repository::load);
        unary("RepositoryModelUnload", V2.RepositoryModelUnloadRequest.parser(), repository::unload);
        for (String absent : new String[] {
            "SystemSharedMemoryStatus", "SystemSharedMemoryRegister", "SystemSharedMemoryUnregister",
            "CudaSharedMemoryStatus", "CudaSharedMemoryRegister", "CudaSharedMemoryUnregister",
            "TraceSetting", "LogSettings"
        }) {
            raw(absent, call -> fail(call, new Failure.Unsupported(absent + " is not offered by this server")));
        }
        raw("ModelInfer", new InferCall(mount.deployments().server())::handle);
        raw("ModelStreamInfer", call -> new InferStream(mount.deployments().server(), call).start());
    }

    /** Work that may block, done on a virtual thread. */
    private interface Blocking<I, O> {
        O answer(I request, String principal) throws Exception;
    }

    private <I, O extends Message> void unary(String method, Parser<I> parser, Blocking<I, O> work) {
        raw(
                method,
                call -> call.last().onComplete(message -> {
                    if (message.failed()) {
                        return;
                    }
                    String principal = mount.principal(call);
                    Context context = eventLoop();
                    Thread.startVirtualThread(() -> {
                        try {
                            O answer = work.answer(parse(parser, message.result()), principal);
                            context.runOnContext(_ -> call.response().end(Buffer.buffer(answer.toByteArray())));
                        } catch (Exception e) {
                            context.runOnContext(_ -> fail(call, failure(method, e)));
                        }
                    });
                }));
    }

    private static <I> I parse(Parser<I> parser, Buffer message) {
        try {
            return parser.parseFrom(message.getBytes());
        } catch (InvalidProtocolBufferException e) {
            throw new FailureException(Failure.BadInput.malformed("the message cannot be read: " + e.getMessage()), e);
        }
    }

    private void raw(String method, Handler<GrpcServerRequest<Buffer, Buffer>> handler) {
        service.bind(
                ServiceMethod.server(NAME, method, GrpcMessageEncoder.IDENTITY, GrpcMessageDecoder.IDENTITY), handler);
    }

    static Failure failure(String method, Throwable error) {
        Failure failure = FailureException.of(error);
        if (failure instanceof Failure.Internal) {
            LOG.error("{} failed", method, error);
        }
        return failure;
    }

    /** The event loop that this call runs on. */
    static Context eventLoop() {
        return Objects.requireNonNull(Vertx.currentContext(), "gRPC calls come on an event loop");
    }

    /** Ends a call with a failure's status. */
    static void fail(GrpcServerRequest<Buffer, Buffer> call, Failure failure) {
        call.response()
                .status(GrpcStatuses.of(failure))
                .statusMessage(failure.detail())
                .end();
    }
}
