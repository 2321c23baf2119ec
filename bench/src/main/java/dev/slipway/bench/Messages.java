package dev.slipway.bench;

import com.google.protobuf.CodedOutputStream;
import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.json.Json;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes inference requests.
 *
 * @see <a href="https://github.com/kserve/open-inference-protocol">Open Inference Protocol V2</a>
 */
final class Messages {

    private static final int LENGTH_DELIMITED = 2;

    private final ServedModel model;

    Messages(ServedModel model) {
        this.model = model;
    }

    Message of(Protocol protocol, List<InputTensor> inputs) {
        return switch (protocol) {
            case JSON -> json(inputs);
            case BINARY -> binary(inputs);
            case GRPC -> grpc(inputs);
        };
    }

    private Message json(List<InputTensor> inputs) {
        List<Object> tensors = new ArrayList<>();
        for (InputTensor input : inputs) {
            if (input.dataType() == DataType.FP16 || input.dataType() == DataType.BF16) {
                throw new FailureException(Failure.BadInput.of("input '" + input.name() + "': V2 JSON carries no "
                        + input.dataType() + ", take --protocol binary or grpc"));
            }
            Map<String, Object> tensor = described(input);
            tensor.put("data", input.values());
            tensors.add(tensor);
        }
        return rest(Protocol.JSON, Buffer.buffer(Json.write(Map.of("inputs", tensors))), "application/json");
    }

    private Message binary(List<InputTensor> inputs) {
        List<Object> tensors = new ArrayList<>();
        Buffer contents = Buffer.buffer();
        for (InputTensor input : inputs) {
            byte[] raw = input.raw();
            Map<String, Object> tensor = described(input);
            tensor.put("parameters", Map.of("binary_data_size", raw.length));
            tensors.add(tensor);
            contents.appendBytes(raw);
        }
        Buffer header =
                Buffer.buffer(Json.write(Map.of("inputs", tensors, "parameters", Map.of("binary_data_output", true))));
        int length = header.length();
        Message message = rest(Protocol.BINARY, header.appendBuffer(contents), "application/octet-stream");
        message.headers().set("Inference-Header-Content-Length", Integer.toString(length));
        return message;
    }

    private static Map<String, Object> described(InputTensor input) {
        Map<String, Object> tensor = new LinkedHashMap<>();
        tensor.put("name", input.name());
        tensor.put("shape", input.shape());
        tensor.put("datatype", input.dataType().name());
        return tensor;
    }

    private Message rest(Protocol protocol, Buffer body, String contentType) {
        MultiMap headers = headers(contentType).set("Content-Length", Integer.toString(body.length()));
        return new Message(protocol, model.path() + "/infer", headers, body);
    }

    private Message grpc(List<InputTensor> inputs) {
        byte[] request = inferRequest(inputs);
        Buffer framed =
                Buffer.buffer().appendByte((byte) 0).appendInt(request.length).appendBytes(request);
        MultiMap headers = headers("application/grpc").set("te", "trailers");
        return new Message(Protocol.GRPC, "/inference.GRPCInferenceService/ModelInfer", headers, framed);
    }

    /** A {@code ModelInferRequest}: model_name 1, model_version 2, inputs 5, raw_input_contents 7. */
    private byte[] inferRequest(List<InputTensor> inputs) {
        return written(out -> {
            out.writeString(1, model.name());
            if (!model.version().isEmpty()) {
                out.writeString(2, model.version());
            }
            for (InputTensor input : inputs) {
                out.writeByteArray(5, inferInputTensor(input));
            }
            for (InputTensor input : inputs) {
                out.writeByteArray(7, input.raw());
            }
        });
    }

    /** An {@code InferInputTensor}: name 1, datatype 2, shape 3. */
    private static byte[] inferInputTensor(InputTensor input) {
        byte[] shape = written(out -> {
            for (long dimension : input.shape()) {
                out.writeInt64NoTag(dimension);
            }
        });
        return written(out -> {
            out.writeString(1, input.name());
            out.writeString(2, input.dataType().name());
            out.writeTag(3, LENGTH_DELIMITED);
            out.writeByteArrayNoTag(shape);
        });
    }

    private MultiMap headers(String contentType) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().set("Content-Type", contentType);
        return model.key().isEmpty() ? headers : headers.set("Authorization", "Bearer " + model.key());
    }

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] written(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
