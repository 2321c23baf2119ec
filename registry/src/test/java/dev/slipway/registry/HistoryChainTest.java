package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Endpoint;
import dev.slipway.core.ModelName;
import dev.slipway.registry.Registry.ChainReport;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody with the database file in hand can do to a history, and that it shows. */
class HistoryChainTest {

    private static final ModelName DIGITS = RegistryKit.DIGITS;

    @TempDir
    Path home;

    private final SteppingTime time = new SteppingTime();

    @BeforeEach
    void fiveEntriesOfTwoModels() {
        try (Registry registry = SqliteRegistry.open(home, time)) {
            for (ModelName model : List.of(DIGITS, ModelName.of("iris"))) {
                for (int number = 1; number <= 5; number++) {
                    registry.apply(Change.of(model, "ada", "deploy", "number " + number)
                            .adding(RegistryKit.version(number, number))
                            .endpoint(Endpoint.of(number)));
                }
            }
        }
    }

    private void tamper(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("registry.db"));
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.executeUpdate(sql);
            }
        }
    }

    private ChainReport report() {
        try (Registry registry = SqliteRegistry.open(home, time)) {
            assertThat(registry.verify(ModelName.of("iris")).intact()).isTrue();
            return registry.verify(DIGITS);
        }
    }

    @Test
    void anUntouchedChainIsWhole() {
        assertThat(report()).isEqualTo(new ChainReport(5, true, null, "5 entries, each follows on the one before"));
    }

    @Test
    void theDatabaseItselfRefusesToAlterEntries() {
        assertThatThrownBy(() -> tamper("UPDATE history SET canonical = '{}'")).hasMessageContaining("append-only");
        assertThatThrownBy(() -> tamper("DELETE FROM history")).hasMessageContaining("append-only");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UPDATE history SET canonical = replace(canonical, 'ada', 'eve') WHERE seq = 3 AND @ | 3 | was altered",
                "UPDATE history SET canonical = '' WHERE seq = 5 AND @                                | 5 | was altered",
                "UPDATE history SET hash = previous_hash WHERE seq = 2 AND @                          | 2 | was altered",
                "UPDATE history SET previous_hash = hash WHERE seq = 4 AND @                          | 4 | does not follow on",
                "UPDATE history SET time = time - 1000000 WHERE seq = 4 AND @                         | 4 | does not say what its row says",
                "UPDATE history SET format = 2 WHERE seq = 4 AND @                                    | 4 | does not say what its row says",
                "DELETE FROM history WHERE seq = 1 AND @                                              | 1 | is missing, 2 comes next",
                "DELETE FROM history WHERE seq = 3 AND @                                              | 3 | is missing, 4 comes next",
                "DELETE FROM history WHERE seq = 5 AND @                                              | 5 | is missing at the end",
                "DELETE FROM history WHERE @                                                          | 1 | is missing at the end",
                "UPDATE model SET last_seq = 4 WHERE name = 'digits'                                  | 5 | is not the model's last"
            })
    void alteredAndDeletedEntriesShow(String sql, long seq, String why) throws SQLException {
        tamper(
                "DROP TRIGGER history_is_not_altered",
                "DROP TRIGGER history_is_not_deleted",
                sql.replace("@", "model = 'digits'"));
        ChainReport report = report();
        assertThat(report.intact()).isFalse();
        assertThat(report.firstBrokenSeq()).isEqualTo(seq);
        assertThat(report.detail()).startsWith("entry " + seq).contains(why);
    }

    @Test
    void reorderedEntriesShow() throws SQLException {
        tamper(
                "DROP TRIGGER history_is_not_altered",
                "UPDATE history SET seq = 99 WHERE seq = 2 AND model = 'digits'",
                "UPDATE history SET seq = 2 WHERE seq = 3 AND model = 'digits'",
                "UPDATE history SET seq = 3 WHERE seq = 99 AND model = 'digits'");
        assertThat(report()).isEqualTo(new ChainReport(1, false, 2L, "entry 2 does not follow on the entry before it"));
    }

    @Test
    void anEntryThatWasAlteredWithItsHashShowsAtTheNext() throws SQLException {
        String canonical;
        String previous;
        try (Registry registry = SqliteRegistry.open(home, time)) {
            HistoryEntry third = registry.history(DIGITS, 1, 4L).getFirst();
            canonical = third.canonical().replace("ada", "eve");
            previous = third.previousHash();
        }
        tamper(
                "DROP TRIGGER history_is_not_altered",
                "UPDATE history SET canonical = '" + canonical + "', hash = '"
                        + CanonicalEntry.hash(previous, canonical) + "' WHERE seq = 3 AND model = 'digits'");
        assertThat(report().firstBrokenSeq()).isEqualTo(4);
    }

    @Test
    void theHistoryOfAnotherModelDoesNotPass() throws SQLException {
        tamper(
                "DROP TRIGGER history_is_not_altered",
                "DROP TRIGGER history_is_not_deleted",
                "DELETE FROM history WHERE model = 'digits'",
                "INSERT INTO history SELECT project, 'digits', seq, time, format, canonical, previous_hash, hash FROM history",
                "UPDATE model SET last_hash = (SELECT last_hash FROM model WHERE name = 'iris') WHERE name = 'digits'");
        assertThat(report().firstBrokenSeq()).isEqualTo(1);
    }

    @Test
    void theHashIsThatOfThePreviousHashAndTheCanonicalBytes() throws Exception {
        try (Registry registry = SqliteRegistry.open(home, time)) {
            String previous = "";
            for (HistoryEntry entry : registry.history(DIGITS, 10, null).reversed()) {
                byte[] bytes = (previous + entry.canonical()).getBytes(java.nio.charset.StandardCharsets.UTF_8);
                assertThat(entry.hash())
                        .isEqualTo(java.util.HexFormat.of()
                                .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                                        .digest(bytes)));
                previous = entry.hash();
            }
        }
    }
}
