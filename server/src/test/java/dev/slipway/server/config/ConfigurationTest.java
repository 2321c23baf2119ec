package dev.slipway.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.DataSize;
import dev.slipway.core.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server is told: defaults, a file, variables, flags, and what is refused before it starts. */
class ConfigurationTest {

    @TempDir
    private Path folder;

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("slipway.yaml"), content);
    }

    private ServerConfig server(Configuration configuration) {
        return configuration.server(folder);
    }

    private static Configuration variables(Map<String, String> variables) {
        return Configuration.standard().withVariables(variables, Set.of("SLIPWAY_KEY"));
    }

    private static String origin(Configuration configuration, String key) {
        return configuration.values().stream()
                .filter(value -> value.key().name().equals(key))
                .findFirst()
                .orElseThrow()
                .origin()
                .toString();
    }

    @Test
    void nothingSetIsTheDefaultsOfTheRecords() {
        assertThat(server(Configuration.standard())).isEqualTo(ServerConfig.of(folder));
        assertThat(Configuration.standard().values())
                .allSatisfy(value -> assertThat(value.origin()).isEqualTo(new Origin.Standard()));
    }

    @Test
    void theLaterWinsAndEachValueKnowsWhereItComesFrom() throws IOException {
        Configuration merged = Configuration.standard()
                .withFile(file("server:\n  host: 127.0.0.2\n  port: 1001\n  event_loops: 3\n"))
                .withVariables(Map.of("SLIPWAY_SERVER_PORT", "1002", "SLIPWAY_SERVER_HOST", "127.0.0.3"), Set.of())
                .withFlags(Map.of("--port", "1003"));
        assertThat(server(merged).server()).isEqualTo(new Listen("127.0.0.3", 1003, -1, 3));
        assertThat(origin(merged, "server.port")).isEqualTo("--port");
        assertThat(origin(merged, "server.host")).isEqualTo("SLIPWAY_SERVER_HOST");
        assertThat(origin(merged, "server.event_loops")).isEqualTo(folder.resolve("slipway.yaml") + ":4");
        assertThat(origin(merged, "server.admin_port")).isEqualTo("default");
    }

    @Test
    void everyKeyCanBeWrittenReadBackAndHasItsOwnVariable() {
        assertThat(Keys.ALL).extracting(Key::variable).doesNotHaveDuplicates();
        for (Configuration.Value value : Configuration.standard().values()) {
            assertThat(value.key().meaning()).as(value.key().name()).endsWith(".");
            Configuration again = variables(Map.of(value.key().variable(), value.text()));
            assertThat(again.values())
                    .filteredOn(other -> other.key().equals(value.key()))
                    .singleElement()
                    .satisfies(other -> assertThat(other.value()).isEqualTo(value.value()));
        }
    }

    @Test
    void everyKeyReachesTheRecords() {
        Map<String, String> all = Map.ofEntries(
                Map.entry("SLIPWAY_SERVER_HOST", "localhost"),
                Map.entry("SLIPWAY_SERVER_PORT", "1"),
                Map.entry("SLIPWAY_SERVER_ADMIN_PORT", "2"),
                Map.entry("SLIPWAY_SERVER_EVENT_LOOPS", "3"),
                Map.entry("SLIPWAY_LIMITS_BODY", "4MiB"),
                Map.entry("SLIPWAY_LIMITS_HEADER", "5KiB"),
                Map.entry("SLIPWAY_LIMITS_DECOMPRESSED", "6MiB"),
                Map.entry("SLIPWAY_LIMITS_RATIO", "7"),
                Map.entry("SLIPWAY_LIMITS_UPLOAD", "8MiB"),
                Map.entry("SLIPWAY_LIMITS_ANSWER", "9KiB"),
                Map.entry("SLIPWAY_LIMITS_IN_FLIGHT", "9MiB"),
                Map.entry("SLIPWAY_LIMITS_CONNECTIONS", "10"),
                Map.entry("SLIPWAY_LIMITS_STREAMS", "11"),
                Map.entry("SLIPWAY_TIMEOUTS_IDLE", "12s"),
                Map.entry("SLIPWAY_TIMEOUTS_REQUEST", "13s"),
                Map.entry("SLIPWAY_TIMEOUTS_WRITE", "14s"),
                Map.entry("SLIPWAY_TIMEOUTS_DRAIN", "15s"),
                Map.entry("SLIPWAY_LOG_LEVEL", "DEBUG"),
                Map.entry("SLIPWAY_LOG_ACCESS", "true"),
                Map.entry("SLIPWAY_LOG_SLOW", "16s"),
                Map.entry("SLIPWAY_SERVING_TENSOR_MEMORY", "17MiB"),
                Map.entry("SLIPWAY_SERVING_TENSOR_MEMORY_KEPT", "16MiB"),
                Map.entry("SLIPWAY_SERVING_MODEL_MEMORY", "18MiB"),
                Map.entry("SLIPWAY_SERVING_CACHE_MEMORY", "19MiB"),
                Map.entry("SLIPWAY_SERVING_LOAD_AT_START", "false"),
                Map.entry("SLIPWAY_SERVING_STRICT_READINESS", "true"),
                Map.entry("SLIPWAY_SERVING_DEFAULT_MODEL", "iris"));
        assertThat(all).hasSize(Keys.ALL.size() - 1);
        assertThat(server(variables(all)))
                .isEqualTo(new ServerConfig(
                        folder,
                        new Listen("localhost", 1, 2, 3),
                        new Limits(
                                DataSize.ofMebibytes(4),
                                new DataSize(5 << 10),
                                DataSize.ofMebibytes(6),
                                7,
                                DataSize.ofMebibytes(8),
                                new DataSize(9 << 10),
                                DataSize.ofMebibytes(9),
                                10,
                                11),
                        new Timeouts(
                                Duration.ofSeconds(12),
                                Duration.ofSeconds(13),
                                Duration.ofSeconds(14),
                                Duration.ofSeconds(15)),
                        new Logging(Logging.Level.DEBUG, true, Duration.ofSeconds(16)),
                        new Serving(
                                DataSize.ofMebibytes(17),
                                DataSize.ofMebibytes(16),
                                DataSize.ofMebibytes(18),
                                DataSize.ofMebibytes(19),
                                false,
                                true,
                                "iris")));
    }

    @ParameterizedTest
    @CsvSource({"30s, PT30S", "PT1M30S, PT1M30S", "250ms, PT0.25S", "2m, PT2M"})
    void durationsAreWrittenEitherWay(String text, Duration duration) {
        assertThat(server(variables(Map.of("SLIPWAY_TIMEOUTS_IDLE", text)))
                        .timeouts()
                        .idle())
                .isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({
        "SLIPWAY_SERVER_PORT, 80a, server.port must be a whole number",
        "SLIPWAY_SERVER_PORT, 99999999999, server.port must be a whole number",
        "SLIPWAY_LIMITS_BODY, much, limits.body must be a size such as 64MiB",
        "SLIPWAY_LIMITS_BODY, 999999999999999GiB, limits.body must be a size such as 64MiB",
        "SLIPWAY_TIMEOUTS_IDLE, soon, timeouts.idle must be a duration such as 30s",
        "SLIPWAY_LOG_ACCESS, yes, log.access must be true or false",
        "SLIPWAY_LOG_LEVEL, loud, log.level must be error"
    })
    void whatIsNoValueIsRefusedWithWhereItCameFrom(String variable, String text, String rule) {
        assertThatThrownBy(() -> variables(Map.of(variable, text)))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining(rule)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining(variable);
    }

    @ParameterizedTest
    @CsvSource({
        "SLIPWAY_SERVER_PORT, 65536, server.port 65536 must lie between 0 and 65535",
        "SLIPWAY_SERVER_ADMIN_PORT, 8080, server.admin_port 8080 must differ from server.port",
        "SLIPWAY_LIMITS_IN_FLIGHT, 1MiB, limits.in_flight 1MiB must be at least limits.body",
        "SLIPWAY_TIMEOUTS_DRAIN, 0s, timeouts.drain PT0S must be positive",
        "SLIPWAY_SERVING_TENSOR_MEMORY_KEPT, 5GiB, serving.tensor_memory_kept 5GiB must be at most",
        "SLIPWAY_SERVING_DEFAULT_MODEL, a b, serving.default_model 'a b' must be"
    })
    void valuesThatCannotBeAreRefusedWithWhereTheyCameFrom(String variable, String text, String rule) {
        assertThatThrownBy(() -> server(variables(Map.of(variable, text))))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining(rule)
                .hasMessageContaining("(from " + variable + ")");
    }

    @Test
    void anUnknownVariableStopsTheStartAndNamesTheNearOneButNotWhatItHolds() {
        assertThatThrownBy(() -> variables(Map.of("SLIPWAY_SERVER_PROT", "slw_secret")))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("SLIPWAY_SERVER_PROT")
                .hasMessageContaining("'SLIPWAY_SERVER_PORT'")
                .hasMessageNotContaining("slw_secret");
    }

    @Test
    void variablesOfOthersAndEmptyOnesArePassedOver() {
        Configuration configuration = variables(Map.of(
                "SLIPWAY_KEY", "slw_secret",
                "SLIPWAY_SERVER_PORT", "",
                "PATH", "/bin"));
        assertThat(server(configuration)).isEqualTo(ServerConfig.of(folder));
        assertThat(configuration.values().toString()).doesNotContain("slw_secret");
    }

    @Test
    void whatKubernetesTellsOfServicesNamedSlipwayIsNoConfiguration() {
        Configuration configuration = variables(Map.of(
                "SLIPWAY_PORT", "tcp://10.0.0.1:8080",
                "SLIPWAY_SERVICE_HOST", "10.0.0.1",
                "SLIPWAY_SERVICE_PORT_HTTP", "8080",
                "SLIPWAY_PORT_8080_TCP_ADDR", "10.0.0.1",
                "SLIPWAY_SERVER_PORT", "tcp://10.0.0.2:8080",
                "SLIPWAY_SERVER_SERVICE_HOST", "10.0.0.2"));
        assertThat(server(configuration)).isEqualTo(ServerConfig.of(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "server:\n", "---\n", "{}\n"})
    void aFileMayBeEmpty(String content) throws IOException {
        assertThat(server(Configuration.standard().withFile(file(content)))).isEqualTo(ServerConfig.of(folder));
    }

    @Test
    void keysMayBeWrittenWithDots() throws IOException {
        Configuration configuration = Configuration.standard().withFile(file("limits.body: 1MiB\nserver: {port: 0}\n"));
        assertThat(server(configuration).limits().body()).isEqualTo(DataSize.ofMebibytes(1));
        assertThat(server(configuration).server().port()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "server: {prot: 1}          | :1: 'server.prot' must be a known key, perhaps 'server.port'",
                "srver: {port: 1}           | :1: 'srver' must be",
                "port: 1                    | :1: 'port' must be",
                "server: 1                  | :1: 'server' takes keys with values",
                "server: {port: [1]}        | :1: 'server.port' takes one value",
                "server: {port: {a: 1}}     | :1: 'server.port' takes one value",
                "server: {port: 1, port: 2} | :1: 'server.port' stands in line 1 already",
                "{server.port: 1, server: {port: 2}} | 'server.port' stands in line 1 already",
                "server: {port: }           | server.port must be a whole number",
                "server: {port: true}       | server.port must be a whole number, 'true' given",
                "home: /srv                 | give --home or SLIPWAY_HOME",
                "[1]                        | keys with values are expected",
                "server: {port: 1           | is not YAML",
                "? {a: 1}                   | is not YAML",
                "&a {server: *a}            | 'server.server' must be one of"
            })
    void aFileThatIsWrongIsRefusedWithTheLine(String content, String rule) throws IOException {
        Path file = file(content + "\n");
        assertThatThrownBy(() -> Configuration.standard().withFile(file))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("slipway.yaml")
                .hasMessageContaining(rule);
    }

    @Test
    void aFileThatIsNoTextIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("slipway.yaml"), new byte[] {(byte) 0xC3, 0x28});
        assertThatThrownBy(() -> Configuration.standard().withFile(file))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("UTF-8");
    }
}
