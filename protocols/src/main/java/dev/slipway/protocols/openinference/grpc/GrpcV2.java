package dev.slipway.protocols.openinference.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.TensorLease;
import dev.slipway.protocols.openinference.Descriptions;
import dev.slipway.protocols.openinference.LoadFiles;
import dev.slipway.protocols.openinference.Models;
import dev.slipway.protocols.openinference.Repository;
import dev.slipway.protocols.openinference.wire.V2;
import dev.slipway.server.spi.GrpcExchange;
import dev.slipway.server.spi.GrpcMethod;
import dev.slipway.server.spi.Mount;
import dev.slipway.server.spi.Permission;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The service {@code inference.GRPCInferenceService}: every method. */
public final class GrpcV2 {

    private final Mount mount;
    private final Descriptions descriptions;
    private final Repository repository;
    private final Map<String, GrpcMethod> methods = new HashMap<>();

    private GrpcV2(Mount mount, Descriptions descriptions, Repository repository) {
        this.mount = mount;
        this.descriptions = descriptions;
        this.repository = repository;
    }

    /** Adds the service to a mount. */
    public static void mount(Mount mount, Descriptions descriptions, Repository repository) {
        GrpcV2 v2 = new GrpcV2(mount, descriptions, repository);
        v2.bind();
        mount.grpc(V2.getDescriptor().findServiceByName("GRPCInferenceService"), v2.methods);
    }

    private static Permission permission(String method) {
        return switch (method) {
            case "ServerLive", "ServerReady" -> Permission.PUBLIC;
            case "RepositoryModelLoad", "RepositoryModelUnload" -> Permission.ADMINISTER;
            default -> Permission.INFER;
        };
    }

    private void bind() {
        unary(
                "ServerLive",
                V2.ServerLiveRequest.parser(),
                (_, _) -> V2.ServerLiveResponse.newBuilder().setLive(true).build());
        unary(
                "ServerReady",
                V2.ServerReadyRequest.parser(),
                (_, _) -> V2.ServerReadyResponse.newBuilder()
                        .setReady(descriptions.serverReady())
                        .build());
        unary(
                "ModelReady",
                V2.ModelReadyRequest.parser(),
                (request, _) -> V2.ModelReadyResponse.newBuilder()
                        .setReady(descriptions.ready(request.getName(), request.getVersion()))
                        .build());
        unary("ServerMetadata", V2.ServerMetadataRequest.parser(), (_, _) -> descriptions.server());
        unary(
                "ModelMetadata",
                V2.ModelMetadataRequest.parser(),
                (request, _) -> descriptions.metadata(Models.ref(request.getName(), request.getVersion())));
        unary(
                "ModelConfig",
                V2.ModelConfigRequest.parser(),
                (request, _) -> descriptions.config(Models.ref(request.getName(), request.getVersion())));
        unary(
                "ModelStatistics",
                V2.ModelStatisticsRequest.parser(),
                (request, _) -> descriptions.statistics(
                        request.getName().isEmpty() ? null : Models.ref(request.getName(), request.getVersion())));
        unary(
                "RepositoryIndex",
                V2.RepositoryIndexRequest.parser(),
                (request, _) -> repository.index(request.getReady()));
        answered("RepositoryModelLoad", (call, message) -> load(new LoadFiles(message), message, call.principal()));
        unary("RepositoryModelUnload", V2.RepositoryModelUnloadRequest.parser(), this::unload);
        Inference inference = new Inference(mount);
        method("ModelInfer", call -> new InferCall(inference, call).handle());
        method("ModelStreamInfer", call -> new InferStream(inference, call).start());
    }

    private Message load(LoadFiles given, TensorLease message, String principal) {
        try (LoadFiles files = given) {
            load(parse(V2.RepositoryModelLoadRequest.parser(), message), files, principal);
            return V2.RepositoryModelLoadResponse.getDefaultInstance();
        }
    }

    private void load(V2.RepositoryModelLoadRequest request, LoadFiles files, String principal) {
        requireNoRepository(request.getRepositoryName());
        String config = null;
        for (Map.Entry<String, V2.ModelRepositoryParameter> parameter :
                request.getParametersMap().entrySet()) {
            String name = parameter.getKey();
            V2.ModelRepositoryParameter value = parameter.getValue();
            if (name.equals("config")) {
                require(name, "a string", value.hasStringParam());
                config = value.getStringParam();
            } else if (name.startsWith("file:")) {
                require(name, "bytes", value.hasBytesParam());
                files.add(name.substring("file:".length()), value.getBytesParam()::writeTo);
            } else {
                throw Repository.unknown(name);
            }
        }
        repository.load(request.getModelName(), config, files, principal);
    }

    private static void require(String parameter, String kind, boolean given) {
        if (!given) {
            throw new FailureException(
                    Failure.BadInput.of("invalid value type for load parameter '" + parameter + "', expected " + kind));
        }
    }

    private V2.RepositoryModelUnloadResponse unload(V2.RepositoryModelUnloadRequest request, String principal) {
        requireNoRepository(request.getRepositoryName());
        repository.unload(request.getModelName(), principal);
        return V2.RepositoryModelUnloadResponse.getDefaultInstance();
    }

    private static void requireNoRepository(String name) {
        if (!name.isEmpty()) {
            throw new FailureException(new Failure.Unsupported("'repository_name' specification is not supported"));
        }
    }

    /** Work that may block, done on a virtual thread. */
    private interface Blocking<I, O> {
        O answer(I request, String principal) throws Exception;
    }

    private <I, O extends Message> void unary(String name, Parser<I> parser, Blocking<I, O> work) {
        answered(name, (call, message) -> {
            try (message) {
                return work.answer(parse(parser, message), call.principal());
            }
        });
    }

    /** Work on a message that is taken over. */
    private interface Answered {
        Message answer(GrpcExchange call, TensorLease message) throws Exception;
    }

    private void answered(String name, Answered work) {
        method(
                name,
                call -> call.message()
                        .compose(message -> call.blocking(() -> work.answer(call, message)))
                        .onSuccess(answer -> {
                            call.write(Buffer.buffer(answer.toByteArray()));
                            call.end();
                        })
                        .onFailure(error -> call.fail(call.failure(error))));
    }

    /** A message whose bytes fields are views of the memory that it came in. */
    private static <I> I parse(Parser<I> parser, TensorLease message) {
        try {
            CodedInputStream in = UnsafeByteOperations.unsafeWrap(
                            message.tensor().data().asByteBuffer())
                    .newCodedInput();
            in.enableAliasing(true);
            return parser.parseFrom(in);
        } catch (InvalidProtocolBufferException e) {
            throw new FailureException(Failure.BadInput.malformed("the message cannot be read: " + e.getMessage()), e);
        }
    }

    private void method(String name, Consumer<GrpcExchange> handler) {
        methods.put(name, new GrpcMethod(permission(name), handler));
    }
}
