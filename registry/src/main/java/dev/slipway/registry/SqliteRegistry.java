package dev.slipway.registry;

import dev.slipway.core.Endpoint;
import dev.slipway.core.Failure;
import dev.slipway.core.ModelName;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The registry of one server: a SQLite file in its home folder, which it keeps locked against other processes. */
public final class SqliteRegistry implements Registry {

    private static final String FILE = "registry.db";

    private final HomeLock lock;
    private final SqliteFile file;
    private final InstantSource time;

    private SqliteRegistry(HomeLock lock, SqliteFile file, InstantSource time) {
        this.lock = lock;
        this.file = file;
        this.time = time;
    }

    /**
     * Locks a home folder and opens the registry in it; both are made when they do not exist.
     *
     * @throws dev.slipway.core.FailureException {@code Conflict} when another process has the home, {@code Unsupported}
     *     when a newer Slipway wrote it
     */
    public static SqliteRegistry open(Path home, InstantSource time) {
        HomeLock lock = HomeLock.acquire(home);
        try {
            new SqliteLibrary(home).offer();
            return new SqliteRegistry(lock, SqliteFile.open(home.resolve(FILE)), time);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    @Override
    public Optional<ModelRecord> model(ModelName name) {
        return file.read(handle -> new ModelTables(handle).model(name));
    }

    @Override
    public List<ModelRecord> all() {
        return file.read(handle -> new ModelTables(handle).all());
    }

    @Override
    public Set<Long> numbers(ModelName name) {
        return file.read(handle -> new ModelTables(handle).used(name));
    }

    @Override
    public HistoryEntry apply(Change change) {
        return file.write(handle -> {
            Standing before = new ModelTables(handle).standing(change.model());
            return new ChangeWriter(handle, before, change).write(time.instant());
        });
    }

    @Override
    public List<HistoryEntry> history(ModelName name, int limit, @Nullable Long beforeSeq) {
        return file.read(handle -> new HistoryTable(handle).newestFirst(name, limit, beforeSeq));
    }

    @Override
    public Optional<Endpoint> endpointAt(ModelName name, Instant moment) {
        return file.read(handle -> new HistoryTable(handle).endpointAt(name, moment));
    }

    @Override
    public List<Endpoint> endpoints(ModelName name) {
        return file.read(handle -> handle.createQuery("""
                        SELECT document FROM endpoint
                        WHERE project = :project AND model = :model ORDER BY revision""")
                .bind("project", name.project())
                .bind("model", name.name())
                .map((row, _) -> EndpointDocument.read(row.getString(1)))
                .list());
    }

    @Override
    public ChainReport verify(ModelName name) {
        return file.read(handle -> new HistoryTable(handle).verify(name));
    }

    @Override
    public Optional<Failure> trouble() {
        return file.trouble();
    }

    @Override
    public Set<String> referencedBlobs() {
        return new HashSet<>(file.read(handle -> handle.createQuery("SELECT DISTINCT blob FROM version_file")
                .mapTo(String.class)
                .list()));
    }

    @Override
    public void close() {
        try {
            file.close();
        } finally {
            lock.close();
        }
    }
}
