package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.server.config.Listen;
import dev.slipway.server.config.ServerConfig;
import dev.slipway.server.config.Serving;
import dev.slipway.server.kit.LiveServer;
import dev.slipway.testing.CountingPool;
import dev.slipway.testing.onnx.OnnxModel;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may what beyond loopback, and whether what failed to load keeps the server from being ready. */
class AccessTest {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path home;

    private LiveServer server;

    private void start(UnaryOperator<ServerConfig> configure) {
        server = LiveServer.start(home, pool, configure, new EchoDialect());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String body(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void beyondLoopbackAdministrationNeedsTheKey() throws IOException {
        start(config -> config.with(new Listen("0.0.0.0", 0, -1, 2)));
        String key = server.server().newAdministrationKey();

        assertThat(key).startsWith("slw_");
        HttpResponse<byte[]> without = server.get("/secret");
        assertThat(without.statusCode()).isEqualTo(401);
        assertThat(without.headers().firstValue("www-authenticate")).hasValue("Bearer");
        assertThat(server.get("/secret", "Authorization", "Bearer slw_wrong").statusCode())
                .isEqualTo(401);
        assertThat(body(server.get("/secret", "Authorization", "Bearer " + key)))
                .isEqualTo("administrator");
        assertThat(server.get("/echo/a/of/b").statusCode()).isEqualTo(200);
        server.awaitMetric("slipway_rejected_total{reason=\"unauthenticated\"}", 2);
    }

    @Test
    void aKeyThatNobodySawIsNotKept() throws IOException {
        start(config -> config.with(new Listen("0.0.0.0", 0, -1, 2)));
        server.close();
        start(config -> config.with(new Listen("0.0.0.0", 0, -1, 2)));

        assertThat(server.server().newAdministrationKey()).isNotNull();
    }

    @Test
    void theKeyIsShownOnceAndStaysTheSame() throws IOException {
        start(config -> config.with(new Listen("0.0.0.0", 0, -1, 2)));
        String key = server.server().newAdministrationKey();
        server.close();
        start(config -> config.with(new Listen("0.0.0.0", 0, -1, 2)));

        assertThat(server.server().newAdministrationKey()).isNull();
        assertThat(server.get("/secret", "Authorization", "Bearer " + key).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aKeyIsStoredWhole() throws IOException {
        Files.writeString(home.resolve("administration.key.next"), "what a crash left");
        start(config -> config.with(new Listen("0.0.0.0", 0, -1, 2)));
        server.server().newAdministrationKey();

        assertThat(home.resolve("administration.key")).content().matches("[0-9a-f]{64}\n");
        assertThat(home.resolve("administration.key.next")).doesNotExist();
        assertThat(Files.getPosixFilePermissions(home.resolve("administration.key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "abcd", "not hexadecimal"})
    void aStoredKeyThatIsNoneIsRefusedAndNamed(String stored) throws IOException {
        start(UnaryOperator.identity());
        Path file = Files.writeString(home.resolve("administration.key"), stored);

        assertThatThrownBy(() -> AdministrationKey.of(home, new SecureRandom()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("64 hexadecimal digits")
                .hasMessageEndingWith("delete it for a new key");
    }

    @Test
    void aPortOfItsOwnAloneServesAdministration() throws IOException {
        start(config -> config.with(new Listen("127.0.0.1", 0, 0, 2)));

        assertThat(server.get("/secret").statusCode()).isEqualTo(403);
        assertThat(server.get("/echo/a/of/b").statusCode()).isEqualTo(200);
        assertThat(onAdminPort("/secret")).startsWith("HTTP/1.1 200 ");
        assertThat(onAdminPort("/echo/a/of/b")).startsWith("HTTP/1.1 200 ");
    }

    private String onAdminPort(String path) throws IOException {
        try (Wire wire = new Wire(server.server().adminPort())) {
            return wire.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .head();
        }
    }

    @Test
    void aVersionThatCannotBeLoadedBlocksOnlyAStrictServer() throws IOException {
        start(UnaryOperator.identity());
        DeclaredShape one = DeclaredShape.of(Dimension.of(1));
        server.deploy(
                "m",
                new OnnxModel()
                        .input("x", DataType.FP32, one)
                        .node("Neg", List.of("x"), List.of("y"))
                        .output("y", DataType.FP32, one));
        server.close();
        remove(home.resolve("artifacts"));

        start(UnaryOperator.identity());
        assertThat(readiness()).isEqualTo(200);
        server.close();
        Serving usual = Serving.DEFAULT;
        start(config -> config.with(usual.with(true)));
        assertThat(readiness()).isEqualTo(503);
    }

    private int readiness() {
        while (!server.deployments().settled()) {
            Thread.onSpinWait();
        }
        return server.get("/health/ready").statusCode();
    }

    private static void remove(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
