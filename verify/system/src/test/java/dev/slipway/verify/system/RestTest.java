package dev.slipway.verify.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every call of V2 over REST and every error that it can end in, by a client of plain sockets. */
class RestTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SETOSA = "{'name':'features','datatype':'FP32','shape':[1,4],'data':[5.1,3.5,1.4,0.2]}";

    @TempDir
    static Path home;

    private static LocalServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new LocalServer(home);
        server.deploy(Path.of("../../examples/iris"), "iris");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nothingIsLeftLeased() {
        server.requireNoLiveLease();
    }

    private static RawConnection.Answer call(String method, String path, String body, String... headers)
            throws IOException {
        return RawConnection.once(
                server.port(), method, path, body.replace('\'', '"').getBytes(UTF_8), headers);
    }

    private static JsonNode ok(String method, String path, String body) throws IOException {
        RawConnection.Answer answer = call(method, path, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("content-type")).startsWith("application/json");
        return JSON.readTree(answer.text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v2/models/iris/infer", "/v2/models/iris/versions/1/infer", "/v2/models/iris@stable/infer"})
    void infers(String path) throws IOException {
        JsonNode answer = ok("POST", path, "{'id':'a','inputs':[" + SETOSA + "]}");
        assertThat(answer.get("id").asText()).isEqualTo("a");
        assertThat(answer.get("model_name").asText()).isEqualTo("iris");
        assertThat(answer.get("model_version").asText()).isEqualTo("1");
        JsonNode output = answer.get("outputs").get(0);
        assertThat(output.get("shape")).isEqualTo(JSON.readTree("[1,3]"));
        assertThat(output.get("datatype").asText()).isEqualTo("FP32");
        assertThat(output.get("data").get(0).asDouble()).isGreaterThan(0.9);
    }

    @Test
    void answersTheBestClassesWithTheirLabels() throws IOException {
        JsonNode output = ok(
                        "POST",
                        "/v2/models/iris/infer",
                        "{'inputs':[" + SETOSA
                                + "],'outputs':[{'name':'probabilities','parameters':{'classification':1}}]}")
                .get("outputs")
                .get(0);
        assertThat(output.get("datatype").asText()).isEqualTo("BYTES");
        assertThat(output.get("data").get(0).asText()).endsWith(":0:setosa");
    }

    @Test
    void describesServerAndModel() throws IOException {
        assertThat(ok("GET", "/v2", "").get("name").asText()).isEqualTo("slipway");
        assertThat(ok("GET", "/v2/health/live", "").toString()).isEqualTo("{\"live\":true}");
        assertThat(ok("GET", "/v2/health/ready", "").toString()).isEqualTo("{\"ready\":true}");
        assertThat(ok("GET", "/v2/models/iris/ready", "").get("ready").asBoolean())
                .isTrue();
        JsonNode model = ok("GET", "/v2/models/iris/versions/1", "");
        assertThat(model.get("versions")).isEqualTo(JSON.readTree("[\"1\"]"));
        assertThat(model.get("inputs").get(0).toString())
                .isEqualTo("{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[-1,4]}");
        JsonNode config = ok("GET", "/v2/models/iris/config", "");
        assertThat(config.get("input").get(0).get("data_type").asText()).isEqualTo("TYPE_FP32");
        assertThat(config.get("input").get(0).get("dims").toString()).isEqualTo("[4]");
    }

    @Test
    void countsWhatItAnswered() throws IOException {
        String path = "/v2/models/iris/stats";
        long before = count(ok("GET", path, ""));
        ok("POST", "/v2/models/iris/infer", "{'inputs':[" + SETOSA + "]}");
        assertThat(count(ok("GET", path, ""))).isEqualTo(before + 1);
        assertThat(count(ok("GET", "/v2/models/stats", ""))).isEqualTo(before + 1);
    }

    private static long count(JsonNode statistics) {
        JsonNode model = statistics.get("model_stats").get(0);
        assertThat(model.get("name").asText()).isEqualTo("iris");
        return model.get("inference_count").asLong();
    }

    @Test
    void listsLoadsAndUnloads() throws IOException {
        byte[] file = Files.readAllBytes(Path.of("../../examples/iris/iris.onnx"));
        String load = "{'parameters':{'config':'{}','file:1/model.onnx':'"
                + Base64.getEncoder().encodeToString(file) + "'}}";
        assertThat(call("POST", "/v2/repository/models/given/load", load).status())
                .isEqualTo(200);
        assertThat(index("{}")).contains("given 1 READY", "iris 1 READY");
        assertThat(call("POST", "/v2/repository/models/given/unload", "").status())
                .isEqualTo(200);
        assertThat(index("")).containsPattern("given 1 (UNLOADING|UNAVAILABLE)");
        assertThat(index("{'ready':true}")).doesNotContain("given");
        assertThat(call("GET", "/v2/models/given/ready", "").status()).isIn(400, 404, 503);
        assertThat(call("POST", "/v2/repository/models/given/load", "{}").status())
                .isEqualTo(200);
        assertThat(index("{'ready':true}")).contains("given 1 READY");
        server.remove("given");
    }

    private static String index(String body) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (JsonNode model : ok("POST", "/v2/repository/index", body)) {
            lines.append(model.get("name").asText() + " " + model.get("version").asText() + " "
                    + model.get("state").asText() + "\n");
        }
        return lines.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                                           | 400 | parse",
                "[]                                                          | 400 | inputs",
                "{'inputs':1}                                                | 400 | inputs",
                "{'inputs':[]}                                               | 400 | 'features'",
                "{'inputs':[{'datatype':'FP32','shape':[1,4],'data':[1,2,3,4]}]} | 400 | name",
                "{'inputs':[{'name':'features','shape':[1,4],'data':[1,2,3,4]}]} | 400 | datatype",
                "{'inputs':[{'name':'features','datatype':'FP32','data':[1,2,3,4]}]} | 400 | shape",
                "{'inputs':[{'name':'features','datatype':'FP32','shape':[1,4]}]} | 400 | no field is set",
                "{'inputs':[{'name':'feature','datatype':'FP32','shape':[1,4],'data':[1,2,3,4]}]} | 400 | feature",
                "{'inputs':[{'name':'features','datatype':'FP64','shape':[1,4],'data':[1,2,3,4]}]} | 400 | FP64",
                "{'inputs':[{'name':'features','datatype':'FLOAT','shape':[1,4],'data':[1,2,3,4]}]} | 400 | datatype",
                "{'inputs':[{'name':'features','datatype':'FP32','shape':[4],'data':[1,2,3,4]}]} | 400 | shape",
                "{'inputs':[{'name':'features','datatype':'FP32','shape':[-1,4],'data':[1,2,3,4]}]} | 400 | 'shape'",
                "{'inputs':[{'name':'features','datatype':'FP32','shape':[4611686018427387904,4],'data':[]}]} | 400 | 4611686018427387904",
                "{'inputs':[{'name':'features','datatype':'FP32','shape':[99999999999999999999,4],'data':[]}]} | 400 | shape",
                "{'inputs':[{'name':'features','datatype':'FP32','shape':[1,4],'data':[1,2,3]}]} | 400 | 3 values",
                "{'inputs':[{'name':'features','datatype':'FP32','shape':[1,4],'data':[1,2,3,4,5]}]} | 400 | data",
                "{'inputs':[{'name':'features','datatype':'FP32','shape':[1,4],'data':[1,2,3,'x']}]} | 400 | data",
                "{'inputs':[{'name':'features','datatype':'FP32','shape':[1,4],'data':[1,2,3,NaN]}]} | 400 | parse",
                "{'inputs':[{'name':'features','datatype':'FP32','shape':[1,4],'data':[[1,2],[3,4]]}]} | 400 | data",
                "{'inputs':[{'name':'features','datatype':'FP32','shape':[1,4],'data':{}}]} | 400 | data",
                "{'inputs':[S,S]} | 400 | already exists",
                "{'inputs':[S],'outputs':[{'name':'nothing'}]} | 400 | nothing",
                "{'inputs':[S],'outputs':[{}]} | 400 | name",
                "{'inputs':[S],'parameters':{'triton_x':1}} | 400 | triton_",
                "{'inputs':[S],'parameters':{'a':[]}} | 400 | 'a'",
                "{'inputs':[S],'id':7} | 400 | id",
                "{'inputs':[S]} trailing | 400 | parse",
                "{'inputs':[{'name':'features','datatype':'FP32','shape':[1,4],'parameters':{'shared_memory_region':'r'}}]} | 501 | shared memory",
            })
    void refusesInTritonsForm(String body, int status, String words) throws IOException {
        RawConnection.Answer answer =
                call("POST", "/v2/models/iris/infer", body.strip().replace("S", SETOSA));
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        JsonNode error = JSON.readTree(answer.text());
        assertThat(error.size()).isEqualTo(1);
        assertThat(error.get("error").asText()).contains(words);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v2/models/nobody",
        "GET, /v2/models/nobody/ready",
        "GET, /v2/models/nobody/config",
        "GET, /v2/models/nobody/stats",
        "POST, /v2/models/nobody/infer",
        "GET, /v2/models/iris/versions/9",
        "POST, /v2/models/iris/versions/9/infer",
        "POST, /v2/models/iris@nothing/infer",
        "POST, /v2/models/%2e%2e/infer",
        "POST, /v2/repository/models/nobody/unload",
        "GET, /v2/nothing",
        "GET, /v2/models/iris/nothing",
    })
    void saysThatThereIsNoSuchThing(String method, String path) throws IOException {
        RawConnection.Answer answer = call(method, path, method.equals("POST") ? "{'inputs':[" + SETOSA + "]}" : "");
        assertThat(answer.status()).as(answer.text()).isEqualTo(404);
        assertThat(JSON.readTree(answer.text()).get("error").asText()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, /v2",
        "POST, /v2/health/live",
        "POST, /v2/models/iris",
        "GET, /v2/models/iris/infer",
        "PUT, /v2/models/iris/infer",
        "GET, /v2/repository/index",
    })
    void namesTheMethodsThatAPathTakes(String method, String path) throws IOException {
        RawConnection.Answer answer = call(method, path, "");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("allow")).isIn("GET, HEAD", "POST");
        assertThat(JSON.readTree(answer.text()).has("error")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2", "/v2/health/ready", "/v2/models/iris", "/v2/models/iris/stats", "/v2/models/nobody"})
    void headIsGetWithoutTheBody(String path) throws IOException {
        try (RawConnection connection = new RawConnection(server.port())) {
            RawConnection.Answer get =
                    connection.request("GET", path, new byte[0]).answer("GET");
            RawConnection.Answer head =
                    connection.request("HEAD", path, new byte[0]).answer("HEAD");
            assertThat(head.status()).isEqualTo(get.status());
            assertThat(head.header("content-type")).isEqualTo(get.header("content-type"));
            connection.request("GET", "/v2/health/live", new byte[0]);
            assertThat(connection.answer("GET").text()).isEqualTo("{\"live\":true}");
        }
    }

    @ParameterizedTest
    @CsvSource({"x, 400", "-1, 400", "999999, 400", "3, 400", "99999999999, 400"})
    void aHeaderLengthThatCannotBeIsRefused(String length, int status) throws IOException {
        RawConnection.Answer answer = call(
                "POST",
                "/v2/models/iris/infer",
                "{'inputs':[" + SETOSA + "]}",
                "Inference-Header-Content-Length: " + length);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(JSON.readTree(answer.text()).has("error")).isTrue();
    }

    @Test
    void aForeignHostIsRefused() throws IOException {
        try (RawConnection connection = new RawConnection(server.port())) {
            connection.send("GET /v2 HTTP/1.1\r\nHost: evil.example\r\n\r\n".getBytes(UTF_8));
            assertThat(connection.answer("GET").status()).isEqualTo(403);
        }
    }
}
