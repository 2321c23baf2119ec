package dev.slipway.verify.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every request that {@code /openapi.json} shows as an example is answered. */
class OpenApiExamplesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path home;

    @Test
    void everyExampleSucceeds() throws Exception {
        try (LocalServer server = new LocalServer(home)) {
            server.deploy(Path.of("../../examples/iris"), "iris");
            server.deploy(Path.of("../../examples/digits"), "digits");
            server.deploy(Path.of("../../examples/iris/iris.onnx"), "bare");
            JsonNode paths = JSON.readTree(RawConnection.once(server.port(), "GET", "/openapi.json")
                            .text())
                    .get("paths");
            int examples = 0;
            for (Map.Entry<String, JsonNode> path : paths.properties()) {
                JsonNode example = path.getValue().at("/post/requestBody/content/application~1json/example");
                if (!example.isMissingNode() && !path.getKey().contains("{")) {
                    RawConnection.Answer answer = RawConnection.once(
                            server.port(),
                            "POST",
                            path.getKey(),
                            example.toString().getBytes(UTF_8),
                            "Content-Type: application/json");
                    assertThat(answer.status())
                            .as(path.getKey() + ": " + answer.text())
                            .isEqualTo(200);
                    examples++;
                }
            }
            assertThat(examples).isGreaterThanOrEqualTo(5);
            server.requireNoLiveLease();
        }
    }
}
