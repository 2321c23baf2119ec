package dev.slipway.registry;

import static dev.slipway.registry.RegistryKit.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Failure;
import dev.slipway.core.ModelName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file under the registry: its lock, its settings, its schema steps. */
class SqliteFileTest {

    @TempDir
    Path home;

    private Path file() {
        return home.resolve("registry.db");
    }

    private Handle raw() {
        return Jdbi.open("jdbc:sqlite:" + file());
    }

    private static String text(Handle handle, String sql) {
        return handle.createQuery(sql).mapTo(String.class).one();
    }

    @Test
    void aHomeIsUsedByOneProcess() {
        SqliteRegistry first = SqliteRegistry.open(home, InstantSource.system());
        String message = "home " + home + " is in use by process "
                + ProcessHandle.current().pid() + ": stop it, or choose another home";
        assertFails(Failure.Conflict.class, message, () -> SqliteRegistry.open(home, InstantSource.system()));
        first.close();
        SqliteRegistry.open(home, InstantSource.system()).close();
    }

    @Test
    void commitsAreWrittenAheadAndSynced() {
        try (SqliteFile sqlite = SqliteFile.open(file())) {
            sqlite.write(handle -> {
                assertThat(text(handle, "PRAGMA journal_mode")).isEqualTo("wal");
                assertThat(text(handle, "PRAGMA synchronous")).isEqualTo("2");
                assertThat(text(handle, "PRAGMA foreign_keys")).isEqualTo("1");
                assertThat(text(handle, "PRAGMA busy_timeout")).isEqualTo("5000");
                assertThat(text(handle, "PRAGMA application_id")).isEqualTo("1397508432");
                assertThat(text(handle, "PRAGMA user_version")).isEqualTo("1");
                return handle;
            });
            assertThatThrownBy(() -> sqlite.read(handle -> handle.execute("DELETE FROM model")))
                    .hasMessageContaining("readonly");
        }
    }

    @Test
    void aStepForwardKeepsWhatIsThereAndACopyOfIt() {
        List<String> one = List.of("CREATE TABLE t (a TEXT);");
        List<String> two = List.of(one.getFirst(), "ALTER TABLE t ADD COLUMN b TEXT; UPDATE t SET b = a || '!';");
        try (Handle handle = raw()) {
            Migrations.migrate(handle, file(), one);
            handle.execute("INSERT INTO t VALUES ('kept')");
            Migrations.migrate(handle, file(), two);
            assertThat(text(handle, "SELECT b FROM t")).isEqualTo("kept!");
            assertThat(text(handle, "PRAGMA user_version")).isEqualTo("2");
            Migrations.migrate(handle, file(), two);
        }
        try (Handle copy = Jdbi.open("jdbc:sqlite:" + home.resolve("registry.db.schema-1"))) {
            assertThat(text(copy, "SELECT a FROM t")).isEqualTo("kept");
            assertThat(text(copy, "PRAGMA user_version")).isEqualTo("1");
        }
    }

    @Test
    void aStepThatFailsLeavesTheSchemaBeforeIt() {
        List<String> broken = List.of("CREATE TABLE t (a TEXT);", "CREATE TABLE u (a TEXT); CREATE TABLE t (a TEXT);");
        try (Handle handle = raw()) {
            assertThatThrownBy(() -> Migrations.migrate(handle, file(), broken)).hasMessageContaining("already exists");
            assertThat(text(handle, "PRAGMA user_version")).isEqualTo("1");
            assertThat(text(handle, "SELECT group_concat(name) FROM sqlite_schema"))
                    .isEqualTo("t");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"registry.db", "registry.db-wal"})
    void whatWouldBeWrittenToAFileWithoutANameIsRefused(String gone) throws IOException {
        try (SqliteRegistry registry = SqliteRegistry.open(home, InstantSource.system())) {
            ModelName model = ModelName.of("digits");
            registry.apply(Change.of(model, "ada", "deploy", "").adding(RegistryKit.version(1, 1)));
            assertThat(registry.trouble()).isEmpty();
            Files.move(home.resolve(gone), home.resolve("aside"));
            assertFails(
                    Failure.Internal.class,
                    "the registry's file " + gone + " was removed or replaced while the server runs",
                    () -> registry.apply(Change.of(model, "ada", "deploy", "").adding(RegistryKit.version(2, 2))));
            assertThat(registry.trouble()).isPresent();
            assertThat(registry.model(model).orElseThrow().versions()).hasSize(1);
        }
    }

    @Test
    void aFileThatIsRemovedDuringATransactionLetsItFail() {
        try (SqliteFile sqlite = SqliteFile.open(file())) {
            assertFails(
                    Failure.Internal.class,
                    "was removed or replaced",
                    () -> sqlite.write(handle -> {
                        assertThat(file().toFile().delete()).isTrue();
                        return handle;
                    }));
        }
    }

    @Test
    void anotherFileUnderTheNameIsNotTheRegistry() throws IOException {
        try (SqliteFile sqlite = SqliteFile.open(file())) {
            Files.move(file(), home.resolve("aside"));
            Files.copy(home.resolve("aside"), file());
            assertThat(sqlite.trouble()).isPresent();
        }
    }

    @Test
    void aFullDiskIsNamedForWhatItIs() {
        try (SqliteFile sqlite = SqliteFile.open(file())) {
            assertFails(
                    Failure.InsufficientStorage.class,
                    "registry.db: the disk is full",
                    () -> sqlite.write(handle -> {
                        handle.execute("PRAGMA max_page_count = 1");
                        return handle.execute("CREATE TABLE more AS SELECT randomblob(100000)");
                    }));
        }
    }

    @Test
    void aNewerSchemaStopsTheStart() {
        SqliteRegistry.open(home, InstantSource.system()).close();
        try (Handle handle = raw()) {
            handle.execute("PRAGMA user_version = 7");
        }
        assertFails(
                Failure.Unsupported.class,
                "has schema 7, this Slipway knows schemas up to 1: start the newer Slipway",
                () -> SqliteRegistry.open(home, InstantSource.system()));
        HomeLock.acquire(home).close();
    }

    @Test
    void anotherProgramsDatabaseIsLeftAlone() {
        try (Handle handle = raw()) {
            handle.execute("CREATE TABLE theirs (a TEXT)");
        }
        assertFails(
                Failure.Unsupported.class,
                "is a database of another program",
                () -> SqliteRegistry.open(home, InstantSource.system()));
    }

    @Test
    void whatIsNoDatabaseIsNamed() throws IOException {
        Files.writeString(file(), "not a database, but long enough to have a header of its own".repeat(20));
        assertFails(
                Failure.Internal.class, "registry " + file(), () -> SqliteRegistry.open(home, InstantSource.system()));
    }

    @Test
    void aThousandModelsTakeAsManyQueriesAsOne() {
        try (SqliteFile sqlite = SqliteFile.open(file())) {
            sqlite.write(handle -> {
                for (int i = 0; i < 1_000; i++) {
                    ModelName model = ModelName.of("model-" + i);
                    Change change = Change.of(model, "ada", "deploy", "").adding(RegistryKit.version(1, i));
                    new ChangeWriter(handle, Standing.absent(model), change)
                            .write(InstantSource.system().instant());
                }
                return handle;
            });
            AtomicInteger queries = new AtomicInteger();
            List<ModelRecord> all = sqlite.read(handle -> {
                handle.getConfig(SqlStatements.class).setSqlLogger(new SqlLogger() {
                    @Override
                    public void logBeforeExecution(StatementContext context) {
                        queries.incrementAndGet();
                    }
                });
                return new ModelTables(handle).all();
            });
            assertThat(all)
                    .hasSize(1_000)
                    .allSatisfy(model ->
                            assertThat(model.versions().getFirst().files()).hasSize(2));
            assertThat(queries).hasValue(4);
        }
    }
}
