package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServedModelTest {

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8080, '', /v2/models/iris",
        "http://localhost:8080/, '', /v2/models/iris",
        "http://localhost/models/a//, 2, /models/a/v2/models/iris/versions/2",
    })
    void itsPathFollowsThatOfTheServer(URI server, String version, String path) {
        assertThat(new ServedModel(server, "iris", version, "").path()).isEqualTo(path);
    }
}
