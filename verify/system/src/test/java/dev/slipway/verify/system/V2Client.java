package dev.slipway.verify.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc;
import inference.GrpcService;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client of Open Inference Protocol V2 that shares no code with the server: JSON, binary tensors, gRPC stubs. */
final class V2Client implements AutoCloseable {

    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI base;
    private final ManagedChannel channel;

    V2Client(int port) {
        this.base = URI.create("http://127.0.0.1:" + port);
        this.channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .maxInboundMessageSize(64 << 20)
                .build();
    }

    GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub stub() {
        return GRPCInferenceServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    GRPCInferenceServiceGrpc.GRPCInferenceServiceStub asyncStub() {
        return GRPCInferenceServiceGrpc.newStub(channel);
    }

    ManagedChannel channel() {
        return channel;
    }

    HttpResponse<byte[]> send(String method, String path, String contentType, byte[] body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base.resolve(path)).method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    JsonNode json(HttpResponse<byte[]> response) throws IOException {
        return mapper.readTree(response.body());
    }

    /** One FP32 input, one FP32 output, as flat JSON. */
    float[] inferJson(String model, String input, String output, long[] shape, float[] values)
            throws IOException, InterruptedException {
        ObjectNode request = mapper.createObjectNode();
        ObjectNode tensor = request.putArray("inputs").addObject();
        tensor.put("name", input).put("datatype", "FP32");
        Arrays.stream(shape).forEach(tensor.putArray("shape")::add);
        ArrayNode data = tensor.putArray("data");
        for (float value : values) {
            data.add(value);
        }
        request.putArray("outputs").addObject().put("name", output);
        HttpResponse<byte[]> response =
                send("POST", "/v2/models/" + model + "/infer", "application/json", mapper.writeValueAsBytes(request));
        requireOk(response);
        JsonNode answer = json(response).get("outputs").get(0).get("data");
        float[] result = new float[answer.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = Float.parseFloat(answer.get(i).asText());
        }
        return result;
    }

    /** The same with binary tensors both ways. */
    float[] inferBinary(String model, String input, String output, long[] shape, float[] values)
            throws IOException, InterruptedException {
        byte[] raw = littleEndian(values);
        ObjectNode request = mapper.createObjectNode();
        ObjectNode tensor = request.putArray("inputs").addObject();
        tensor.put("name", input).put("datatype", "FP32");
        Arrays.stream(shape).forEach(tensor.putArray("shape")::add);
        tensor.putObject("parameters").put("binary_data_size", raw.length);
        request.putArray("outputs")
                .addObject()
                .put("name", output)
                .putObject("parameters")
                .put("binary_data", true);
        byte[] header = mapper.writeValueAsBytes(request);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(header);
        body.write(raw);
        HttpResponse<byte[]> response = send(
                "POST",
                "/v2/models/" + model + "/infer",
                "application/octet-stream",
                body.toByteArray(),
                "Inference-Header-Content-Length",
                String.valueOf(header.length));
        requireOk(response);
        int length = Integer.parseInt(
                response.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
        return floats(Arrays.copyOfRange(response.body(), length, response.body().length));
    }

    /** The same over gRPC with raw contents. */
    float[] inferGrpc(String model, String input, String output, long[] shape, float[] values) {
        GrpcService.ModelInferResponse response = stub().modelInfer(floatRequest(model, input, output, shape, values));
        return floats(response.getRawOutputContents(0).toByteArray());
    }

    /** A gRPC request with one FP32 input as raw contents. */
    static GrpcService.ModelInferRequest floatRequest(
            String model, String input, String output, long[] shape, float... values) {
        GrpcService.ModelInferRequest.InferInputTensor.Builder tensor =
                GrpcService.ModelInferRequest.InferInputTensor.newBuilder()
                        .setName(input)
                        .setDatatype("FP32");
        Arrays.stream(shape).forEach(tensor::addShape);
        return GrpcService.ModelInferRequest.newBuilder()
                .setModelName(model)
                .addInputs(tensor)
                .addOutputs(GrpcService.ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                        .setName(output))
                .addRawInputContents(ByteString.copyFrom(littleEndian(values)))
                .build();
    }

    /** Sends every tensor as binary and asks for every output as binary. */
    List<V2Tensor> infer(String model, List<V2Tensor> inputs) throws IOException, InterruptedException {
        ObjectNode request = mapper.createObjectNode();
        request.putObject("parameters").put("binary_data_output", true);
        ArrayNode list = request.putArray("inputs");
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        for (V2Tensor input : inputs) {
            ObjectNode tensor = list.addObject().put("name", input.name()).put("datatype", input.datatype());
            input.shape().forEach(tensor.putArray("shape")::add);
            tensor.putObject("parameters").put("binary_data_size", input.bytes().size());
            input.bytes().writeTo(raw);
        }
        byte[] header = mapper.writeValueAsBytes(request);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(header);
        raw.writeTo(body);
        HttpResponse<byte[]> response = send(
                "POST",
                "/v2/models/" + model + "/infer",
                "application/octet-stream",
                body.toByteArray(),
                "Inference-Header-Content-Length",
                String.valueOf(header.length));
        requireOk(response);
        int at = response.headers()
                .firstValue("Inference-Header-Content-Length")
                .map(Integer::parseInt)
                .orElse(response.body().length);
        List<V2Tensor> outputs = new ArrayList<>();
        for (JsonNode output : mapper.readTree(response.body(), 0, at).get("outputs")) {
            int size = output.get("parameters").get("binary_data_size").asInt();
            List<Long> shape = new ArrayList<>();
            output.get("shape").forEach(dim -> shape.add(dim.longValue()));
            outputs.add(new V2Tensor(
                    output.get("name").asText(),
                    output.get("datatype").asText(),
                    shape,
                    ByteString.copyFrom(response.body(), at, size)));
            at += size;
        }
        if (at != response.body().length) {
            throw new IOException(response.body().length - at + " bytes follow the last tensor");
        }
        return outputs;
    }

    /** Names of a model's {@code inputs} or {@code outputs}, as its metadata lists them. */
    List<String> names(String model, String which) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = send("GET", "/v2/models/" + model, "", new byte[0]);
        requireOk(response);
        return json(response).get(which).findValuesAsText("name");
    }

    private static void requireOk(HttpResponse<byte[]> response) throws IOException {
        if (response.statusCode() != 200) {
            throw new IOException(response.statusCode() + ": " + new String(response.body(), StandardCharsets.UTF_8));
        }
    }

    static byte[] littleEndian(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    static float[] floats(byte[] bytes) {
        float[] values = new float[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        http.close();
    }
}
