package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.deployment.DeployRequest;
import dev.slipway.server.config.Listen;
import dev.slipway.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {

    private static final Path IRIS =
            Path.of("../examples/iris").toAbsolutePath().normalize();

    @TempDir
    private Path home;

    private static ServerProcess start(Path home, int port) throws IOException {
        return ServerProcess.start(ServerConfig.of(home).with(new Listen("127.0.0.1", port, -1, 1)), "1.0");
    }

    @Test
    void whatWasDeployedServesAgainAfterARestart() throws IOException {
        try (ServerProcess server = start(home, 0)) {
            server.restore();
            server.deployments().deploy(DeployRequest.of(null, IRIS, "test"));
        }
        try (ServerProcess server = start(home, 0)) {
            assertThat(server.server().info().ready()).isFalse();
            server.restore();
            assertThat(server.server().info().ready()).isTrue();
            Program program = new Program(home).with("SLIPWAY_SERVER", server.url());
            assertThat(program.run("predict", "iris", "5.1", "3.5", "1.4", "0.2", "-q")
                            .out())
                    .isEqualTo("setosa\n");
        }
    }

    @Test
    void isReadyWhenWhatItWasGivenServesToo() throws IOException {
        try (ServerProcess server = start(home, 0)) {
            server.restore(() -> {
                server.deployments().deploy(DeployRequest.of(null, IRIS, "serve"));
                assertThat(server.server().info().ready()).isFalse();
            });
            assertThat(server.server().info().ready()).isTrue();
        }
    }

    @Test
    void oneHomeHasOneServer() throws IOException {
        try (ServerProcess server = start(home, 0)) {
            assertThat(server.home()).isEqualTo(home);
            assertThatThrownBy(() -> start(home, 0).close())
                    .isInstanceOfSatisfying(
                            FailureException.class,
                            failure -> assertThat(failure.failure()).isInstanceOf(Failure.Conflict.class))
                    .hasMessageContaining(home.toString());
        }
    }

    @Test
    void aTakenPortIsNamedWithTheFlag(@TempDir Path other) throws IOException {
        try (ServerProcess server = start(home, 0)) {
            String port = Integer.toString(server.server().port());
            Program.Run run = new Program(other).run("serve", "--home", other.toString(), "--port", port);
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err()).contains("127.0.0.1:" + port).contains("--port");
        }
    }

    @Test
    void aModelThatIsNeitherPathNorNameEndsTheServer() {
        Program.Run run = new Program(home).run("serve", "roses", "--home", home.toString(), "--port", "0");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("there is no file or folder 'roses'");
    }
}
