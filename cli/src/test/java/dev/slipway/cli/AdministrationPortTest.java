package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.server.config.Listen;
import dev.slipway.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs against a server whose administration has a port of its own. */
class AdministrationPortTest {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path home;

    @TempDir
    private Path elsewhere;

    private ServerProcess server;

    @BeforeEach
    void start() throws IOException {
        server = ServerProcess.start(ServerConfig.of(home).with(new Listen("127.0.0.1", 0, 0, 1)), "1.0");
        server.restore();
        ServerRecord.ofThisProcess(server.url(), server.administration(), Duration.ofSeconds(1))
                .write(home);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Program program(Path of) {
        return new Program(PROJECT).with("SLIPWAY_HOME", of.toString()).with("SLIPWAY_SERVER", server.url());
    }

    @Test
    void theServerOfTheHomeIsAdministeredWhereItIs() {
        assertThat(program(home).run("deploy", "examples/iris", "-q").out()).isEqualTo("iris/1\n");
        assertThat(program(home).run("predict", "iris", "5.1,3.5,1.4,0.2", "-q").out())
                .isEqualTo("setosa\n");
        assertThat(program(home).run("show", "iris").exit()).isZero();
    }

    @Test
    void theHomeAloneTellsWhichServerIsMeant() {
        Program.Run run =
                new Program(PROJECT).with("SLIPWAY_HOME", home.toString()).run("status");
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith(server.administration());
    }

    @Test
    void fromElsewhereItSaysWhatToGive() {
        Program.Run refused = program(elsewhere).run("status");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("port of its own", "--server");
        assertThat(program(elsewhere)
                        .run("status", "--server", server.administration())
                        .out())
                .startsWith(server.administration());
    }
}
