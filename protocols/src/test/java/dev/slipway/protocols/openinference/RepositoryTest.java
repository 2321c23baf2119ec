package dev.slipway.protocols.openinference;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.ModelName;
import dev.slipway.deployment.VersionView;
import dev.slipway.json.Json;
import dev.slipway.server.kit.LiveServer;
import dev.slipway.testing.CountingPool;
import dev.slipway.testing.onnx.OnnxModel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a load with files does to the registry. */
class RepositoryTest {

    private static final ModelName GIVEN = ModelName.of("given");
    private static final DeclaredShape ROWS = DeclaredShape.of(Dimension.of("rows"), Dimension.of(2));

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path home;

    private LiveServer server;

    @BeforeEach
    void start() {
        server = LiveServer.start(home, pool, new OpenInference());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void load(int maxBatchSize) throws IOException {
        Path file = new OnnxModel()
                .input("x", DataType.FP32, ROWS)
                .node("Neg", List.of("x"), List.of("y"))
                .output("y", DataType.FP32, ROWS)
                .write(home.resolve("model.onnx"));
        String base64 = Base64.getEncoder().encodeToString(Files.readAllBytes(file));
        Map<String, Object> parameters =
                Map.of("config", "{\"max_batch_size\": " + maxBatchSize + "}", "file:1/model.onnx", base64);
        assertThat(server.post("/v2/repository/models/given/load", Json.write(Map.of("parameters", parameters)))
                        .statusCode())
                .isEqualTo(200);
    }

    private VersionView version() {
        return server.deployments().model(GIVEN).version(1);
    }

    @Test
    void aVersionOfFilesHasTheSettingsOfTheConfigFromItsBeginning() throws IOException {
        load(3);

        assertThat(version().settings().batching().maxSize()).isEqualTo(3);
        assertThat(version().record().settingsRevision()).isEqualTo(1);
        assertThat(server.deployments().history(GIVEN, 10, null)).hasSize(1);
        assertThat(home.resolve("scratch")).isEmptyDirectory();
    }

    @Test
    void filesThatAreThereAlreadyGetTheSettingsOfTheConfigToo() throws IOException {
        load(3);
        load(5);

        assertThat(version().settings().batching().maxSize()).isEqualTo(5);
        assertThat(version().record().settingsRevision()).isEqualTo(2);
    }

    private static String base64() {
        return Base64.getEncoder()
                .encodeToString(new OnnxModel()
                        .input("x", DataType.FP32, ROWS)
                        .node("Neg", List.of("x"), List.of("y"))
                        .output("y", DataType.FP32, ROWS)
                        .toBytes());
    }

    private HttpResponse<byte[]> load(String parameters) {
        return server.post("/v2/repository/models/given/load", "{\"parameters\": {" + parameters + "}}");
    }

    private void assertRefused(int status, String why, String parameters) {
        HttpResponse<byte[]> response = load(parameters);
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains(why);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(home.resolve("scratch"))
                .satisfiesAnyOf(
                        scratch -> assertThat(scratch).doesNotExist(),
                        scratch -> assertThat(scratch).isEmptyDirectory());
    }

    @Test
    void filesDoNotPassThroughTheHeap() {
        String zeros = "A".repeat(40 << 20);
        long unread = allocatedBy("{\"unknown\": \"" + zeros + "\", \"parameters\": {\"file:../x\": \"\"}}");
        long stored = allocatedBy("{\"parameters\": {\"file:1/model.onnx\": \"" + zeros + "\"}}");

        assertThat(stored - unread).isLessThan(20 << 20);
    }

    /** What all threads allocate while a load is refused, the client's among them. */
    private long allocatedBy(String load) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] body = load.getBytes(StandardCharsets.UTF_8);
        long before = threads.getTotalThreadAllocatedBytes();
        assertThat(server.post("/v2/repository/models/given/load", body).statusCode())
                .isEqualTo(400);
        return threads.getTotalThreadAllocatedBytes() - before;
    }

    @Test
    void base64MayBeBrokenIntoLinesAndEscapedAsJsonIs() {
        String lines =
                base64().replaceAll(".{60}", "$0\\\\r\\\\n").replace("/", "\\/").replace("A", "\\u0041");

        assertThat(load("\"file:1/model.onnx\": \"" + lines + "\"").statusCode())
                .isEqualTo(200);
        assertRefused(400, "'file:1/model.onnx': its value is not base64", "\"file:1/model.onnx\": \"AA*A\"");
        assertRefused(400, "'file:1/model.onnx': its value is not base64", "\"file:1/model.onnx\": \"A\"");
        assertRefused(400, "JSON non-string as string", "\"file:1/model.onnx\": 1");
    }

    @Test
    void pathsThatCannotBeFilesAreRefused() {
        String longer = "n".repeat(256);
        assertRefused(400, "must have at most 255 bytes between slashes", "\"file:1/" + longer + "\": \"AA==\"");
        assertRefused(400, "must have at most 1024 bytes", "\"file:" + "a/".repeat(600) + "\": \"AA==\"");
        assertRefused(400, "is the folder of another file", "\"file:1/x\": \"AA==\", \"file:1\": \"AA==\"");
        assertRefused(400, "lies in 'file:1', which is a file", "\"file:1\": \"AA==\", \"file:1/x\": \"AA==\"");
        assertRefused(400, "comes twice", "\"file:1/x\": \"AA==\", \"file:1//x\": \"AA==\"");
        assertRefused(400, "must stay within the model's folder", "\"file:../x\": \"AA==\"");
        assertRefused(400, "is no path of a file", "\"file:1/\\u0000\": \"AA==\"");
    }

    @Test
    void aConfigMayRepeatWhatIsTrueOfTheModel() {
        String whole = "{\"name\": \"given\", \"default_model_filename\": \"%s\", \"input\": [{\"name\": \"x\","
                + " \"data_type\": \"TYPE_FP32\", \"dims\": %s}], \"output\": [{\"name\": \"y\", \"data_type\": \"%s\"}]}";
        String file = "\"file:1/model.onnx\": \"" + base64() + "\", ";

        assertRefused(
                501,
                "'input 'x'.dims' cannot be set to [3]",
                file + config(whole.formatted("model.onnx", "[3]", "TYPE_FP32")));
        assertThat(server.deployments().models()).isEmpty();
        assertThat(load(file + config(whole.formatted("model.onnx", "[\"2\"]", "TYPE_FP32")))
                        .statusCode())
                .isEqualTo(200);
        assertThat(load(config(whole.formatted("model.onnx", "[-1, 2]", "TYPE_FP32")))
                        .statusCode())
                .isEqualTo(200);
        assertRefused(501, "'output 'y'.data_type'", config(whole.formatted("model.onnx", "[2]", "TYPE_INT8")));
        assertRefused(
                501,
                "'default_model_filename' cannot be set",
                config(whole.formatted("other.onnx", "[2]", "TYPE_FP32")));
        String told = new String(server.get("/v2/models/given/config").body(), StandardCharsets.UTF_8);
        assertThat(load(config(told)).statusCode()).as(told).isEqualTo(200);
    }

    private static String config(String config) {
        return "\"config\": " + Json.write(config);
    }
}
