package dev.slipway.registry;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** The steps from an empty file to today's schema: numbered, only forward, one transaction each. */
final class Migrations {

    private static final List<String> STEPS = List.of("001-models.sql");

    private Migrations() {}

    /**
     * Brings a file to the newest schema. Before an existing file is changed it is copied beside itself.
     *
     * @throws FailureException {@code Unsupported} when the file is newer than this program, or another program's
     */
    static void migrate(Handle handle, Path file) {
        migrate(handle, file, STEPS.stream().map(Migrations::script).toList());
    }

    static void migrate(Handle handle, Path file, List<String> scripts) {
        int version = number(handle, "PRAGMA user_version");
        requireOurs(handle, file, version, scripts.size());
        if (version > 0 && version < scripts.size()) {
            copy(handle, file, version);
        }
        for (int step = version; step < scripts.size(); step++) {
            String script = scripts.get(step);
            int next = step + 1;
            handle.useTransaction(transaction -> {
                run(transaction, script);
                run(transaction, "PRAGMA application_id = " + SqliteFile.APPLICATION_ID);
                run(transaction, "PRAGMA user_version = " + next);
            });
        }
    }

    private static void requireOurs(Handle handle, Path file, int version, int newest) {
        int application = number(handle, "PRAGMA application_id");
        boolean empty = version == 0 && number(handle, "SELECT count(*) FROM sqlite_schema") == 0;
        if (!empty && application != SqliteFile.APPLICATION_ID) {
            throw new FailureException(new Failure.Unsupported(file
                    + " is a database of another program (application_id " + application + "): choose another home"));
        }
        if (version > newest) {
            throw new FailureException(new Failure.Unsupported(file + " has schema " + version
                    + ", this Slipway knows schemas up to " + newest + ": start the newer Slipway that wrote it"));
        }
    }

    private static void copy(Handle handle, Path file, int version) {
        Path copy = file.resolveSibling(file.getFileName() + ".schema-" + version);
        try {
            Files.deleteIfExists(copy);
            handle.execute("VACUUM INTO ?", copy.toString());
            sync(copy, StandardOpenOption.WRITE);
            Path folder = copy.toAbsolutePath().getParent();
            if (folder != null) {
                sync(folder, StandardOpenOption.READ);
            }
        } catch (IOException e) {
            throw new FailureException(
                    new Failure.Internal(
                            "registry " + file + " cannot be copied to " + copy + " before it is migrated: " + e),
                    e);
        }
    }

    private static void sync(Path path, StandardOpenOption mode) throws IOException {
        try (FileChannel channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }

    private static void run(Handle handle, String script) {
        try (Statement statement = handle.getConnection().createStatement()) {
            statement.executeUpdate(script);
        } catch (SQLException e) {
            throw new UnableToExecuteStatementException(e, null);
        }
    }

    private static int number(Handle handle, String sql) {
        return handle.createQuery(sql).mapTo(Integer.class).one();
    }

    private static String script(String name) {
        try (InputStream in = Migrations.class.getResourceAsStream("sqlite/" + name)) {
            if (in == null) {
                throw new IllegalStateException("migration " + name + " is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
