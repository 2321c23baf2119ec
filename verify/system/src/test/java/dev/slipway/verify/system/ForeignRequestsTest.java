package dev.slipway.verify.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.testing.onnx.OnnxModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** V2 requests written for KServe and MLServer, asked of models that answer each of their inputs as it came. */
class ForeignRequestsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path REQUESTS = Path.of("src/test/resources/requests");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kserve/iris_input_v2.json",
                "kserve/iris_input_v2_all_binary.json",
                "kserve/autogluon_titanic_input_v2.json",
                "kserve/autogluon_titanic_input_v2_binary.json",
                "mlserver/inference-request.json",
                "mlserver/generate-request.json",
                "mlserver-bench/iris/rest-requests.json",
                "mlserver-runtimes/catboost/inference-request.json",
                "mlserver-runtimes/mlflow/inference-request.json",
                "mlserver-runtimes/sklearn/inference-request.json",
            })
    void isAnsweredByWhatItGives(String file) throws Exception {
        byte[] body = Files.readAllBytes(REQUESTS.resolve(file));
        JsonNode request = JSON.readTree(body);
        try (LocalServer server = new LocalServer(folder.resolve("home"))) {
            server.deploy(mirror(request), "m");
            RawConnection.Answer answer = RawConnection.once(
                    server.port(), "POST", "/v2/models/m/infer", body, "Content-Type: application/json");
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            String headerLength = answer.header("inference-header-content-length");
            int length = headerLength.isEmpty() ? answer.body().size() : Integer.parseInt(headerLength);
            ByteString binary = answer.body().substring(length);
            JsonNode outputs = JSON.readTree(answer.body().substring(0, length).toStringUtf8())
                    .get("outputs");
            assertThat(outputs.size()).isEqualTo(wanted(request));
            for (int i = 0; i < outputs.size(); i++) {
                JsonNode input = request.get("inputs").get(request.has("outputs") ? 0 : i);
                JsonNode output = outputs.get(i);
                assertThat(output.get("shape")).isEqualTo(input.get("shape"));
                assertThat(output.get("datatype")).isEqualTo(input.get("datatype"));
                int size = output.at("/parameters/binary_data_size").asInt();
                ByteString data = output.has("data") ? bytes(output) : binary.substring(0, size);
                assertThat(data).isEqualTo(bytes(input));
                binary = binary.substring(size);
            }
            assertThat(binary.isEmpty()).isTrue();
            server.requireNoLiveLease();
        }
    }

    /** The data of a tensor in JSON as the binary extension would carry it. */
    private static ByteString bytes(JsonNode tensor) {
        ByteBuffer bytes = ByteBuffer.allocate(10_000).order(ByteOrder.LITTLE_ENDIAN);
        put(tensor.get("data"), tensor.get("datatype").asText(), bytes);
        return ByteString.copyFrom(bytes.flip());
    }

    private static void put(JsonNode value, String datatype, ByteBuffer bytes) {
        if (value.isArray()) {
            value.forEach(element -> put(element, datatype, bytes));
            return;
        }
        switch (datatype) {
            case "FP32" -> bytes.putFloat((float) value.asDouble());
            case "FP64" -> bytes.putDouble(value.asDouble());
            case "INT32" -> bytes.putInt(value.asInt());
            case "INT64" -> bytes.putLong(value.asLong());
            case "BYTES" -> {
                byte[] text = value.asText().getBytes(StandardCharsets.UTF_8);
                bytes.putInt(text.length).put(text);
            }
            default -> throw new AssertionError(datatype);
        }
    }

    private static int wanted(JsonNode request) {
        return request.has("outputs")
                ? request.get("outputs").size()
                : request.get("inputs").size();
    }

    /** A model that takes what the request gives and answers it, under the names that it asks for if it does. */
    private Path mirror(JsonNode request) {
        OnnxModel model = new OnnxModel();
        for (JsonNode input : request.get("inputs")) {
            String name = input.get("name").asText();
            model.input(name, DataType.valueOf(input.get("datatype").asText()), shape(input));
            if (!request.has("outputs")) {
                answer(model, input, "same-" + name);
            }
        }
        if (request.has("outputs")) {
            for (JsonNode output : request.get("outputs")) {
                answer(model, request.get("inputs").get(0), output.get("name").asText());
            }
        }
        return model.write(folder.resolve("mirror.onnx"));
    }

    private static void answer(OnnxModel model, JsonNode input, String output) {
        model.node("Identity", List.of(input.get("name").asText()), List.of(output))
                .output(output, DataType.valueOf(input.get("datatype").asText()), shape(input));
    }

    private static DeclaredShape shape(JsonNode input) {
        Dimension[] dims = new Dimension[input.get("shape").size()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = Dimension.of("d" + i);
        }
        return DeclaredShape.of(dims);
    }

    /** Those of other protocols and other forms: told what is wrong, in the protocol's form. */
    @Test
    void whatIsNotV2IsRefused() throws Exception {
        try (LocalServer server = new LocalServer(folder.resolve("home"))) {
            server.deploy(Path.of("../../examples/iris"), "iris");
            for (String file : List.of(
                    "iris_input_v3.json", "iris_input_v5.json", "mnist_input_bw.json", "iris_input_v2_grpc.json")) {
                RawConnection.Answer answer = RawConnection.once(
                        server.port(),
                        "POST",
                        "/v2/models/iris/infer",
                        Files.readAllBytes(REQUESTS.resolve("kserve").resolve(file)));
                assertThat(answer.status()).as(file + ": " + answer.text()).isEqualTo(400);
                assertThat(JSON.readTree(answer.text()).get("error").asText()).isNotEmpty();
            }
            server.requireNoLiveLease();
        }
    }
}
