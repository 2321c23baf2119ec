package dev.slipway.protocols.openinference;

import static org.assertj.core.api.Assertions.assertThat;

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
}
