package dev.slipway.protocols.openinference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.json.Json;
import dev.slipway.server.kit.LiveServer;
import dev.slipway.testing.CountingPool;
import dev.slipway.testing.onnx.OnnxModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What V2 infer answers, on a model with {@code sum = a + b} and {@code difference = a - b} of FP32[rows,2]. */
class InferTest {

    private static final DeclaredShape ROWS = DeclaredShape.of(Dimension.of("rows"), Dimension.of(2));
    private static final String INFER = "/v2/models/simple/infer";
    private static final String LENGTH = "Inference-Header-Content-Length";

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path home;

    private LiveServer server;

    @BeforeEach
    void start() {
        server = LiveServer.start(home, pool, new OpenInference());
        server.deploy(
                "simple",
                new OnnxModel()
                        .input("a", DataType.FP32, ROWS)
                        .input("b", DataType.FP32, ROWS)
                        .node("Add", List.of("a", "b"), List.of("sum"))
                        .node("Sub", List.of("a", "b"), List.of("difference"))
                        .output("sum", DataType.FP32, ROWS)
                        .output("difference", DataType.FP32, ROWS));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static String input(String name, String shape, String data) {
        return "{'name':'" + name + "','datatype':'FP32','shape':" + shape + ",'data':" + data + "}";
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static final String BOTH = input("a", "[2,2]", "[1,2,3,4]") + "," + input("b", "[2,2]", "[[1,1],[1,1]]");

    @Test
    void nestedAndFlatDataAreAnswered() {
        HttpResponse<byte[]> response = server.post(INFER, json("{'id':'7','inputs':[" + BOTH + "]}"));

        assertThat(text(response))
                .isEqualTo(json("{'id':'7','model_name':'simple','model_version':'1','outputs':["
                        + "{'name':'sum','datatype':'FP32','shape':[2,2],'data':[2.0,3.0,4.0,5.0]},"
                        + "{'name':'difference','datatype':'FP32','shape':[2,2],'data':[0.0,1.0,2.0,3.0]}]}"));
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    }

    @Test
    void membersComeInAnyOrder() {
        String input = "{'data':[1,2],'shape':[1,2],'parameters':{},'datatype':'FP32','name':'%s'}";
        HttpResponse<byte[]> response = server.post(
                "/v2/models/simple/versions/1/infer",
                json("{'outputs':[{'name':'sum'}],'inputs':[" + input.formatted("b") + "," + input.formatted("a")
                        + "],'unknown':{'x':[1]}}"));

        assertThat(text(response)).contains(json("'data':[2.0,4.0]")).doesNotContain("difference");
    }

    @Test
    void binaryTensorsGoBothWays() {
        byte[] head = json("{'inputs':["
                        + "{'name':'a','datatype':'FP32','shape':[1,2],'parameters':{'binary_data_size':8}},"
                        + "{'name':'b','datatype':'FP32','shape':[1,2],'parameters':{'binary_data_size':8}}],"
                        + "'outputs':[{'name':'difference','parameters':{'binary_data':true}},{'name':'sum'}]}")
                .getBytes(StandardCharsets.UTF_8);

        HttpResponse<byte[]> response =
                server.post(INFER, join(head, floats(5, 6), floats(1, 1)), LENGTH, Integer.toString(head.length));

        int length = Integer.parseInt(response.headers().firstValue(LENGTH).orElseThrow());
        assertThat(new String(response.body(), 0, length, StandardCharsets.UTF_8))
                .isEqualTo(json("{'model_name':'simple','model_version':'1','outputs':["
                        + "{'name':'difference','datatype':'FP32','shape':[1,2],'parameters':{'binary_data_size':8}},"
                        + "{'name':'sum','datatype':'FP32','shape':[1,2],'data':[6.0,7.0]}]}"));
        assertThat(Arrays.copyOfRange(response.body(), length, response.body().length))
                .isEqualTo(floats(4, 5));
        assertThat(response.headers().firstValue("content-type")).hasValue("application/octet-stream");
    }

    @Test
    void theBestClassesAreAnswered() {
        HttpResponse<byte[]> response = server.post(
                INFER, json("{'inputs':[" + BOTH + "],'outputs':[{'name':'sum','parameters':{'classification':1}}]}"));

        assertThat(text(response))
                .contains(json("'datatype':'BYTES','shape':[2,1],'data':['3.000000:1','5.000000:1']"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                    | failed to parse the request JSON buffer: ",
                "[]                                   | Unable to parse 'inputs': attempt to access non-existing object member 'inputs'",
                "{'inputs':{}}                        | Unable to parse 'inputs': attempt to access JSON non-array as array",
                "{'inputs':[{}]}                      | Input must set only one of the following fields",
                "{'inputs':[{'name':'a','shape':[1,2],'data':[1,2]}]} | Unable to parse 'datatype': attempt to access non-existing",
                "{'inputs':[{'name':'a','datatype':'FP31','shape':[1,2],'data':[1,2]}]} | invalid datatype for input a",
                "{'inputs':[{'name':'a','datatype':'INT32','shape':[1,2],'data':[1,2]}]} | [request id: <id_unknown>] inference input 'a' data-type is 'INT32', but model 'simple' expects 'FP32'",
                "{'inputs':[{'name':'a','datatype':'FP32','shape':[1,3],'data':[1,2,3]}]} | unexpected shape for input 'a' for model 'simple'. Expected [-1,2], got [1,3].",
                "{'inputs':[{'name':'a','datatype':'FP32','shape':[1,-2],'data':[1,2,3]}]} | Unable to parse 'shape': attempt to access JSON non-unsigned-integer",
                "{'inputs':[{'name':'a','datatype':'FP32','shape':[4611686018427387904,2],'data':[1]}]} | causes total element count to exceed maximum size of 9223372036854775807",
                "{'inputs':[{'name':'a','datatype':'FP32','shape':[4000000000000000000,2],'data':[1]}]} | Shape does not match true shape of 'data' field",
                "{'inputs':[{'name':'a','datatype':'FP32','shape':[1,2],'data':[1]}]} | Unable to parse 'data': Shape does not match true shape of 'data' field",
                "{'inputs':[{'name':'a','datatype':'FP32','shape':[1,2],'data':[1,'x']}]} | Unable to parse 'data': input 'a': element 1",
                "{'inputs':[{'name':'a','datatype':'FP32','shape':[1,2],'data':[1,NaN]}]} | failed to parse the request JSON buffer",
                "{'inputs':[{'name':'c','datatype':'FP32','shape':[1,2],'data':[1,2]}]} | unexpected inference input 'c' for model 'simple'",
                "{'inputs':[]} | expected 2 inputs but got 0 inputs for model 'simple'. Got input(s) [], but missing required input(s) ['a','b']. Please provide all required input(s).",
                "{'inputs':[],'inputs':[]} | the name 'inputs' comes twice",
                "{'inputs':[],'outputs':[{'name':'y'}]} | unexpected inference output 'y' for model 'simple'",
                "{'inputs':[],'parameters':{'triton_x':1}} | parameter keys starting with 'triton_' are reserved",
                "{'inputs':[],'parameters':{'p':[1]}} | parameter 'p' has invalid type. It should be either 'int', 'bool', or 'string'.",
                "{'inputs':[],'id':7} | Unable to parse 'id': attempt to access JSON non-string as string",
            })
    void whatDoesNotFitIsRefusedInTritonsWords(String body, String message) {
        HttpResponse<byte[]> response = server.post(INFER, json(body));

        assertThat(response.statusCode()).as(text(response)).isEqualTo(400);
        assertThat(Json.parse(text(response)))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .hasSize(1)
                .extractingByKey("error")
                .asString()
                .contains(message);
    }

    @Test
    void anInputThatComesTwiceIsRefusedAndNothingLeaks() {
        String body = json("{'id':'r1','inputs':[" + BOTH + "," + input("a", "[2,2]", "[1,2,3,4]") + "]}");

        assertThat(text(server.post(INFER, body)))
                .isEqualTo(json("{'error':'[request id: r1] input ") + "'a' already exists in request\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8|8|-1|inference header size should be in range (0, ",
                "8|8|99999|inference header size should be in range (0, ",
                "8|8|x|Unable to parse Inference-Header-Content-Length, got: x",
                "8|80|0+|unexpected size for input 'b', expecting 72 additional bytes for model 'simple'",
                "8|4|0+|input byte size mismatch for input 'b' for model 'simple'. Expected 8, got 4",
                "4|12|0+|input byte size mismatch for input 'a' for model 'simple'. Expected 8, got 4",
            })
    void brokenBinaryIsRefused(int first, int second, String length, String message) {
        byte[] head = json("{'inputs':["
                        + "{'name':'a','datatype':'FP32','shape':[1,2],'parameters':{'binary_data_size':" + first
                        + "}},"
                        + "{'name':'b','datatype':'FP32','shape':[1,2],'parameters':{'binary_data_size':" + second
                        + "}}]}")
                .getBytes(StandardCharsets.UTF_8);
        String given = length.equals("0+") ? Integer.toString(head.length) : length;

        HttpResponse<byte[]> response = server.post(INFER, join(head, floats(5, 6), floats(1, 1)), LENGTH, given);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(text(response)).contains(message);
    }

    @Test
    void bytesAfterTheLastInputAreRefused() {
        byte[] body = json("{'inputs':[" + BOTH + "]}").getBytes(StandardCharsets.UTF_8);

        assertThat(text(server.post(INFER, join(body, new byte[3]), LENGTH, Integer.toString(body.length))))
                .contains("unexpected additional input data for model 'simple'");
    }

    @Test
    void whatDescribesModelsIsAnswered() {
        server.post(INFER, json("{'inputs':[" + BOTH + "]}"));

        assertThat(text(server.get("/v2"))).startsWith(json("{'name':'slipway','version':'test','extensions':["));
        assertThat(text(server.get("/v2/health/live"))).isEqualTo(json("{'live':true}"));
        assertThat(text(server.get("/v2/health/ready"))).isEqualTo(json("{'ready':true}"));
        assertThat(text(server.get("/v2/models"))).isEqualTo(json("{'models':['simple']}"));
        assertThat(text(server.get("/v2/models/simple/ready"))).isEqualTo(json("{'name':'simple','ready':true}"));
        assertThat(text(server.get("/v2/models/simple")))
                .isEqualTo(json("{'name':'simple','versions':['1'],'platform':'onnxruntime_onnx','inputs':["
                        + "{'name':'a','datatype':'FP32','shape':[-1,2]},{'name':'b','datatype':'FP32','shape':[-1,2]}],"
                        + "'outputs':[{'name':'sum','datatype':'FP32','shape':[-1,2]},"
                        + "{'name':'difference','datatype':'FP32','shape':[-1,2]}]}"));
        assertThat(text(server.get("/v2/models/simple/config"))).contains(json("'max_batch_size':32"));
        assertThat(text(server.get("/v2/models/simple/stats")))
                .contains(json("'inference_count':"))
                .contains(json("'batch_stats':[{'batch_size':"));
        assertThat(text(server.post("/v2/repository/index", "")))
                .isEqualTo(json("[{'name':'simple','version':'1','state':'READY','reason':''}]"));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        for (String path : List.of("/v2/models/x", "/v2/models/x/ready", "/v2/models/x/stats")) {
            assertThat(server.get(path).statusCode()).isEqualTo(404);
            assertThat(text(server.get(path))).isEqualTo("{\"error\":\"Request for unknown model: 'x' is not found\"}");
        }
        assertThat(text(server.post("/v2/models/simple/versions/9/infer", "{}")))
                .isEqualTo("{\"error\":\"Request for unknown model: 'simple' version 9 is not found\"}");
        assertThat(text(server.get("/v2/nothing"))).isEqualTo("{\"error\":\"Not Found\"}");
        assertThat(text(server.get(INFER))).isEqualTo("{\"error\":\"Method Not Allowed\"}");
        assertThat(server.get(INFER).statusCode()).isEqualTo(405);
    }

    @Test
    void modelsAreUnloadedAndLoaded() {
        assertThat(server.post("/v2/repository/models/simple/unload", "").statusCode())
                .isEqualTo(200);
        assertThat(server.get("/v2/models/simple/ready").statusCode()).isIn(404, 503);
        assertThat(server.post("/v2/repository/models/simple/load", "{}").statusCode())
                .isEqualTo(200);
        assertThat(server.get("/v2/models/simple/ready").statusCode()).isEqualTo(200);
        assertThat(server.post("/v2/repository/models/none/load", "{}").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aFileOverrideDeploysAVersion() {
        String model = Base64.getEncoder()
                .encodeToString(new OnnxModel()
                        .input("x", DataType.FP32, ROWS)
                        .node("Neg", List.of("x"), List.of("y"))
                        .output("y", DataType.FP32, ROWS)
                        .toBytes());

        assertThat(server.post(
                                "/v2/repository/models/fresh/load",
                                Json.write(Map.of("parameters", Map.of("config", "{}", "file:1/model.onnx", model))))
                        .statusCode())
                .isEqualTo(200);
        assertThat(text(server.post(
                        "/v2/models/fresh/infer", json("{'inputs':[" + input("x", "[1,2]", "[1,2]") + "]}"))))
                .contains("[-1.0,-2.0]");
        assertThat(server.post(
                                "/v2/repository/models/fresh/load",
                                Json.write(Map.of("parameters", Map.of("file:../model.onnx", model))))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void whatAConfigSaysOfBatchingAndInstancesHolds() {
        assertThat(load(
                        "simple",
                        "{'max_batch_size':4,'instance_group':[{'count':2,'kind':'KIND_CPU'}],"
                                + "'dynamic_batching':{'max_queue_delay_microseconds':500}}"))
                .isEqualTo(200);

        assertThat(text(server.get("/v2/models/simple/config")))
                .contains(json("'max_batch_size':4"))
                .contains(json("'count':2"))
                .contains(json("'max_queue_delay_microseconds':500"));
        assertThat(load("simple", "{'name':'simple','backend':'onnxruntime','parameters':{},'optimization':null}"))
                .isEqualTo(200);
    }

    @Test
    void aConfigTurnsTheResponseCacheOnAndOff() {
        assertThat(load("simple", "{'response_cache':{'enable':true}}")).isEqualTo(200);

        String told = text(server.get("/v2/models/simple/config"));
        assertThat(told).contains(json("'response_cache':{'enable':true}"));
        assertThat(load("simple", told.replace('"', '\''))).as(told).isEqualTo(200);
        assertThat(text(server.get("/v2/models/simple/config"))).isEqualTo(told);

        assertThat(load("simple", "{'response_cache':{'enable':false}}")).isEqualTo(200);
        assertThat(text(server.get("/v2/models/simple/config"))).doesNotContain("response_cache");
    }

    @Test
    void requestsThatTheCacheAnswersCountAsHits() {
        assertThat(load("simple", "{'response_cache':{'enable':true}}")).isEqualTo(200);
        String request = json("{'id':'7','inputs':[" + BOTH + "]}");
        String first = text(server.post(INFER, request));

        assertThat(text(server.post(INFER, request))).isEqualTo(first);

        assertThat(text(server.get("/v2/models/simple/stats")))
                .contains(json("'cache_hit':{'count':1"))
                .contains(json("'cache_miss':{'count':1"))
                .contains(json("'success':{'count':2"));
    }

    @Test
    void whatAConfigSaysOfPrioritiesAndQueuesHoldsAndIsToldInItsWords() {
        assertThat(load(
                        "simple",
                        "{'max_batch_size':8,'dynamic_batching':{'preferred_batch_size':[4,8],'priority_levels':3,"
                                + "'default_priority_level':2,'default_queue_policy':{'timeout_action':'REJECT',"
                                + "'default_timeout_microseconds':20000,'max_queue_size':50},"
                                + "'priority_queue_policy':{'3':{'timeout_action':'DELAY',"
                                + "'default_timeout_microseconds':5000}}}}"))
                .isEqualTo(200);

        String told = text(server.get("/v2/models/simple/config"));
        assertThat(told)
                .contains(json("'preferred_batch_size':[4,8]"))
                .contains(json("'priority_levels':3"))
                .contains(json("'default_priority_level':2"))
                .contains(json("'max_queue_size':50"))
                .contains(json("'timeout_action':'DELAY'"));
        assertThat(load("simple", told.replace('"', '\''))).as(told).isEqualTo(200);
        assertThat(text(server.get("/v2/models/simple/config"))).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'ensemble_scheduling':{'step':[1]}} | 501",
                "{'name':'other'} | 501",
                "{'backend':'tensorrt'} | 501",
                "{'version_policy':{'all':{}}} | 501",
                "{'dynamic_batching':{'preserve_ordering':true}} | 501",
                "{'dynamic_batching':{'default_queue_policy':{'timeout_action':'WAIT'}}} | 501",
                "{'dynamic_batching':{'priority_levels':2,'default_priority_level':3}} | 400",
                "{'dynamic_batching':{'priority_queue_policy':{'high':{}}}} | 400",
                "{'dynamic_batching':{'preferred_batch_size':4}} | 400",
                "{'max_batch_size':4,'dynamic_batching':{'preferred_batch_size':[8]}} | 400",
                "{'instance_group':[{'kind':'KIND_GPU'}]} | 501",
                "{'max_batch_size':'4'} | 400",
                "{'max_batch_size':70000} | 400",
                "{'instance_group':{}} | 400",
                "[] | 400",
            })
    void whatAConfigCannotChangeIsRefused(String config, int status) {
        assertThat(load("simple", config)).isEqualTo(status);
    }

    private int load(String model, String config) {
        return server.post(
                        "/v2/repository/models/" + model + "/load",
                        Json.write(Map.of("parameters", Map.of("config", json(config)))))
                .statusCode();
    }

    @Test
    void whatIsNestedTooDeepIsMalformed() {
        HttpResponse<byte[]> response = server.post(INFER, "{\"x\":" + "[".repeat(100));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(text(response)).contains("failed to parse the request JSON buffer: nested deeper than 64");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "400 Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                "501 Transfer-Encoding: gzip, chunked\r\n",
                "400 Host: another\r\n",
                "431 X: %s\r\n"
            })
    void whatIsNoRequestOfHttpIsRefusedInV2sForm(String refused) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            String headers = refused.substring(4).formatted("x".repeat(100_000));
            String head = "POST " + INFER + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .startsWith("HTTP/1.1 " + refused.substring(0, 4))
                    .contains("content-type: application/json\r\n")
                    .contains("{\"error\":\"");
        }
    }

    @Test
    void aVersionThatIsUnloadedIsNotReady() {
        server.post("/v2/repository/models/simple/unload", "");

        for (String path : List.of("/v2/models/simple/versions/1/infer", INFER)) {
            assertThat(server.post(path, json("{'inputs':[" + BOTH + "]}")).statusCode())
                    .isEqualTo(503);
        }
        assertThat(text(server.get("/v2/models/simple/versions/1/ready")))
                .isEqualTo(
                        json("{'error':'Request for unknown model: ") + "'simple' version 1 is not at ready state\"}");
    }

    @Test
    void aRawRequestIsTheOnlyInputsBytes() {
        server.deploy(
                "single",
                new OnnxModel()
                        .input("x", DataType.FP32, ROWS)
                        .node("Neg", List.of("x"), List.of("y"))
                        .output("y", DataType.FP32, ROWS));

        HttpResponse<byte[]> response = server.post("/v2/models/single/infer", floats(3, 4), LENGTH, "0");

        int length = Integer.parseInt(response.headers().firstValue(LENGTH).orElseThrow());
        assertThat(Arrays.copyOfRange(response.body(), length, response.body().length))
                .isEqualTo(floats(-3, -4));
        assertThat(text(server.post(INFER, floats(3, 4), LENGTH, "0")))
                .contains("Raw request must only have 1 input (found 1) to be deduced but got 2 inputs in 'simple'");
    }

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
