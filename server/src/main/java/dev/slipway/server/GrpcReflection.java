package dev.slipway.server;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.slipway.core.Failure;
import dev.slipway.core.TensorLease;
import dev.slipway.server.spi.GrpcExchange;
import dev.slipway.server.spi.GrpcMethod;
import dev.slipway.server.spi.Permission;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.reflection.v1.ErrorResponse;
import io.vertx.grpc.reflection.v1.FileDescriptorResponse;
import io.vertx.grpc.reflection.v1.ListServiceResponse;
import io.vertx.grpc.reflection.v1.ServerReflectionProto;
import io.vertx.grpc.reflection.v1.ServerReflectionRequest;
import io.vertx.grpc.reflection.v1.ServerReflectionResponse;
import io.vertx.grpc.reflection.v1.ServiceResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The service {@code grpc.reflection.v1.ServerReflection}: which services there are, and the files that declare them. */
final class GrpcReflection {

    private final List<ServiceDescriptor> services;
    private final Map<String, FileDescriptor> byName = new LinkedHashMap<>();
    private final Map<String, FileDescriptor> bySymbol = new LinkedHashMap<>();

    private GrpcReflection(List<ServiceDescriptor> services) {
        this.services = services;
        services.forEach(service -> add(service.getFile()));
    }

    /** Adds the service, which shows itself and those that were added before. */
    static void add(GrpcMethods methods) {
        ServiceDescriptor own = ServerReflectionProto.getDescriptor().findServiceByName("ServerReflection");
        List<ServiceDescriptor> services = new ArrayList<>(methods.services());
        services.add(own);
        GrpcReflection reflection = new GrpcReflection(services);
        methods.add(own, Map.of("ServerReflectionInfo", new GrpcMethod(Permission.INFER, reflection::answer)));
    }

    private void add(FileDescriptor file) {
        if (byName.put(file.getName(), file) != null) {
            return;
        }
        for (ServiceDescriptor service : file.getServices()) {
            bySymbol.put(service.getFullName(), file);
            service.getMethods().forEach(method -> bySymbol.put(method.getFullName(), file));
        }
        file.getMessageTypes().forEach(message -> add(message, file));
        file.getEnumTypes().forEach(type -> add(type, file));
        file.getDependencies().forEach(this::add);
    }

    private void add(Descriptor message, FileDescriptor file) {
        bySymbol.put(message.getFullName(), file);
        message.getFields().forEach(field -> bySymbol.put(field.getFullName(), file));
        message.getNestedTypes().forEach(nested -> add(nested, file));
        message.getEnumTypes().forEach(type -> add(type, file));
    }

    private void add(EnumDescriptor type, FileDescriptor file) {
        bySymbol.put(type.getFullName(), file);
    }

    private void answer(GrpcExchange call) {
        call.onRoom(() -> {
            if (!call.full()) {
                call.resume();
            }
        });
        call.messages(message -> answer(call, message), call::end);
    }

    private void answer(GrpcExchange call, TensorLease message) {
        try (message) {
            var request =
                    ServerReflectionRequest.parseFrom(message.tensor().data().asByteBuffer());
            call.write(Buffer.buffer(answer(request).toByteArray()));
            if (call.full()) {
                call.pause();
            }
        } catch (InvalidProtocolBufferException e) {
            call.fail(Failure.BadInput.malformed("the message is no ServerReflectionRequest: " + e.getMessage()));
        }
    }

    private ServerReflectionResponse answer(ServerReflectionRequest request) {
        var answer = ServerReflectionResponse.newBuilder()
                .setValidHost(request.getHost())
                .setOriginalRequest(request);
        switch (request.getMessageRequestCase()) {
            case LIST_SERVICES -> {
                var list = ListServiceResponse.newBuilder();
                services.forEach(
                        service -> list.addService(ServiceResponse.newBuilder().setName(service.getFullName())));
                answer.setListServicesResponse(list);
            }
            case FILE_BY_FILENAME -> file(answer, byName.get(request.getFileByFilename()));
            case FILE_CONTAINING_SYMBOL -> file(answer, bySymbol.get(request.getFileContainingSymbol()));
            case FILE_CONTAINING_EXTENSION, ALL_EXTENSION_NUMBERS_OF_TYPE ->
                error(answer, GrpcStatus.NOT_FOUND, "there are no extensions");
            case MESSAGEREQUEST_NOT_SET -> error(answer, GrpcStatus.INVALID_ARGUMENT, "nothing is asked");
        }
        return answer.build();
    }

    /** A file, after those that it needs. */
    private static void file(ServerReflectionResponse.Builder answer, @Nullable FileDescriptor file) {
        if (file == null) {
            error(answer, GrpcStatus.NOT_FOUND, "nothing of that name is known");
            return;
        }
        Set<FileDescriptor> files = new LinkedHashSet<>();
        collect(file, files);
        var response = FileDescriptorResponse.newBuilder();
        files.forEach(each -> response.addFileDescriptorProto(each.toProto().toByteString()));
        answer.setFileDescriptorResponse(response);
    }

    private static void collect(FileDescriptor file, Set<FileDescriptor> files) {
        file.getDependencies().forEach(needed -> collect(needed, files));
        files.add(file);
    }

    private static void error(ServerReflectionResponse.Builder answer, GrpcStatus status, String message) {
        answer.setErrorResponse(
                ErrorResponse.newBuilder().setErrorCode(status.code).setErrorMessage(message));
    }
}
