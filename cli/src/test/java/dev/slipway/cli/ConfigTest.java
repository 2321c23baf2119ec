package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code slipway config}, and what stops {@code slipway serve} before it starts. */
class ConfigTest {

    @TempDir
    private Path directory;

    private Program program() {
        return new Program(directory).with("SLIPWAY_HOME", directory.toString()).with("SLIPWAY_KEY", "slw_secret");
    }

    @Test
    void showsEveryValueWithDefaultOriginAndMeaning() throws IOException {
        Files.writeString(directory.resolve("slipway.yaml"), "limits:\n  body: 8MiB\n");
        Program.Run run = program().with("SLIPWAY_SERVER_HOST", "localhost").run("config", "--port", "8081");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .containsPattern("server.port +8081 +8080 +--port +The port")
                .containsPattern("server.host +localhost +127.0.0.1 +SLIPWAY_SERVER_HOST ")
                .containsPattern("limits.body +8MiB +64MiB +\\S+slipway.yaml:2 ")
                .containsPattern("timeouts.idle +75s +75s +default ")
                .doesNotContain("slw_secret");
    }

    @Test
    void aNarrowTerminalFoldsTheMeanings() {
        String narrow =
                program().with("NO_COLOR", "1").onTerminal(110).run("config").out();
        assertThat(narrow.lines()).allMatch(line -> line.length() <= 110);
        assertThat(narrow.lines())
                .anyMatch(line -> line.endsWith(" The port of every"))
                .anyMatch(line -> line.matches(" +dialect, HTTP and gRPC;"));
    }

    @Test
    void isADocumentForPrograms() {
        Program.Run run = program().run("config", "--port", "8081", "-o", "json");
        assertThat(run.out()).doesNotContain("slw_secret");
        assertThat(Json.parse(run.out()))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .contains(Map.of(
                        "key", "server.port",
                        "value", 8081L,
                        "default", 8080L,
                        "origin", "--port",
                        "meaning", "The port of every dialect, HTTP and gRPC; 0 takes any free one."));
        assertThat(program().run("config", "-o", "yaml").out()).startsWith("- key: home\n");
    }

    @Test
    void quietlyItIsAConfigurationThatCanBeReadAgain() throws IOException {
        String lines = program().run("config", "--port", "8081", "--quiet").out();
        Files.writeString(
                directory.resolve("again.yaml"),
                String.join(
                        "\n",
                        lines.lines().filter(line -> !line.startsWith("home:")).toList()));
        assertThat(program().run("config", "--config", "again.yaml", "--quiet").out())
                .isEqualTo(lines);
    }

    @Test
    void theFileMayBeNamed() throws IOException {
        Files.writeString(directory.resolve("other.yaml"), "server.port: 8082\n");
        List<String> flag = List.of("config", "-q", "--config", "other.yaml");
        assertThat(program().run(flag.toArray(String[]::new)).out()).contains("server.port: 8082\n");
        assertThat(program()
                        .with("SLIPWAY_CONFIG", "other.yaml")
                        .run("config", "-q")
                        .out())
                .contains("server.port: 8082\n");
        Program.Run missing = program().run("config", "--config", "missing.yaml");
        assertThat(missing.exit()).isEqualTo(1);
        assertThat(missing.err()).isEqualTo("slipway: there is no configuration 'missing.yaml'\n");
    }

    @Test
    void anUnknownKeyOrVariableStopsTheStart() throws IOException {
        Program.Run variable = program().with("SLIPWAY_SERVER_PROT", "1").run("serve");
        assertThat(variable.exit()).isEqualTo(1);
        assertThat(variable.err()).contains("SLIPWAY_SERVER_PROT").contains("'SLIPWAY_SERVER_PORT'");
        Files.writeString(directory.resolve("slipway.yaml"), "limits:\n  bdoy: 8MiB\n");
        Program.Run key = program().run("serve");
        assertThat(key.exit()).isEqualTo(1);
        assertThat(key.err()).contains("slipway.yaml:2").contains("'limits.body'");
        assertThat(directory.resolve("registry.db")).doesNotExist();
    }
}
