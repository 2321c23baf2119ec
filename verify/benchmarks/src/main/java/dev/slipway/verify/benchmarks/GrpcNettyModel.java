package dev.slipway.verify.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import dev.slipway.protocols.openinference.wire.V2.ModelInferRequest;
import dev.slipway.protocols.openinference.wire.V2.ModelInferResponse;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * V2 over gRPC as grpc-java's users write it: a service on grpc-netty, with its default threads, that gets and gives
 * generated message classes (its method bound as generated stubs bind theirs), and runs one model of one FP32 tensor in raw
 * contents with the official binding.
 */
public final class GrpcNettyModel {

    private static final int LARGEST = 1 << 24;
    private static final Logger GRPC = Logger.getLogger("io.grpc");
    private static final ThreadLocal<@Nullable ByteBuffer> INPUTS = new ThreadLocal<>();

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final String output;

    private GrpcNettyModel(OrtSession session) {
        this.session = session;
        this.output = session.getOutputNames().iterator().next();
    }

    public static void main(String[] arguments) throws IOException, InterruptedException, OrtException {
        GRPC.setLevel(Level.SEVERE);
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        GrpcNettyModel model =
                new GrpcNettyModel(OrtEnvironment.getEnvironment().createSession(arguments[1], options));
        MethodDescriptor<ModelInferRequest, ModelInferResponse> infer =
                MethodDescriptor.<ModelInferRequest, ModelInferResponse>newBuilder()
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName("inference.GRPCInferenceService/ModelInfer")
                        .setRequestMarshaller(ProtoUtils.marshaller(ModelInferRequest.getDefaultInstance()))
                        .setResponseMarshaller(ProtoUtils.marshaller(ModelInferResponse.getDefaultInstance()))
                        .build();
        NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])))
                .maxInboundMessageSize(LARGEST)
                .addService(ServerServiceDefinition.builder("inference.GRPCInferenceService")
                        .addMethod(infer, ServerCalls.asyncUnaryCall(model::infer))
                        .build())
                .build()
                .start()
                .awaitTermination();
    }

    private void infer(ModelInferRequest request, StreamObserver<ModelInferResponse> answers) {
        try {
            answers.onNext(answer(request));
            answers.onCompleted();
        } catch (OrtException e) {
            answers.onError(e);
        }
    }

    /** Memory of the calling thread, as new direct memory would be cleared and collected for each request. */
    private ByteBuffer room(int bytes) {
        ByteBuffer room = INPUTS.get();
        if (room == null || room.capacity() < bytes) {
            room = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
            INPUTS.set(room);
        }
        return room.clear();
    }

    private ModelInferResponse answer(ModelInferRequest request) throws OrtException {
        ModelInferRequest.InferInputTensor input = request.getInputs(0);
        ByteString raw = request.getRawInputContents(0);
        ByteBuffer values = room(raw.size());
        raw.copyTo(values);
        long[] shape = input.getShapeList().stream().mapToLong(Long::longValue).toArray();
        try (OnnxTensor tensor =
                        OnnxTensor.createTensor(environment, values.flip().asFloatBuffer(), shape);
                OrtSession.Result result = session.run(Map.of(input.getName(), tensor))) {
            OnnxTensor answer = (OnnxTensor) result.get(0);
            ModelInferResponse.InferOutputTensor.Builder described = ModelInferResponse.InferOutputTensor.newBuilder()
                    .setName(output)
                    .setDatatype("FP32");
            for (long dimension : answer.getInfo().getShape()) {
                described.addShape(dimension);
            }
            return ModelInferResponse.newBuilder()
                    .setModelName(request.getModelName())
                    .setModelVersion("1")
                    .setId(request.getId())
                    .addOutputs(described)
                    .addRawOutputContents(ByteString.copyFrom(answer.getByteBuffer()))
                    .build();
        }
    }
}
