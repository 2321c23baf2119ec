package dev.slipway.registry;

import dev.slipway.core.Claims;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.StorageFault;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * One SQLite file with one writing connection and a few reading ones. A commit is on the disk when it returns
 * (write-ahead log, {@code synchronous=FULL}); a reader sees one moment and is never kept waiting by the writer.
 */
final class SqliteFile implements AutoCloseable {

    /** "SLIP": tells the file from another program's. */
    static final int APPLICATION_ID = 0x534C4950;

    private static final int READERS = 4;
    private static final int BUSY_MILLIS = 5_000;

    private final Path path;
    private final ReentrantLock writing = new ReentrantLock(true);
    private final Jdbi jdbi;
    private final Handle writer;
    private final List<Handle> all = new ArrayList<>();
    private final BlockingQueue<Handle> readers = new ArrayBlockingQueue<>(READERS);
    private final OpenFiles files;
    private final CompletableFuture<Void> unused = new CompletableFuture<>();
    private final Claims claims = new Claims(() -> unused.complete(null));

    private SqliteFile(Path path) {
        this.path = path;
        this.jdbi = jdbi(path);
        this.writer = opened();
        try {
            Migrations.migrate(writer, path);
            for (int i = 0; i < READERS; i++) {
                Handle reader = opened();
                reader.execute("PRAGMA query_only = ON");
                readers.add(reader);
            }
            this.files = new OpenFiles(List.of(path, path.resolveSibling(path.getFileName() + "-wal")));
        } catch (IOException e) {
            close();
            throw new FailureException(new Failure.Internal("registry " + path + " cannot be opened: " + e), e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Opens the file, making it or bringing it to the newest schema.
     *
     * @throws FailureException {@code Unsupported} for a file that is newer than the program or not a registry
     */
    static SqliteFile open(Path path) {
        try {
            return new SqliteFile(path);
        } catch (JdbiException e) {
            throw failed(path, e);
        }
    }

    private static Jdbi jdbi(Path path) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setTransactionMode(SQLiteConfig.TransactionMode.DEFERRED);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + path);
        return Jdbi.create(source);
    }

    private Handle opened() {
        Handle handle = jdbi.open();
        all.add(handle);
        return handle;
    }

    /**
     * Runs {@code work} on what was committed last, all from one moment.
     *
     * @throws FailureException {@code NotReady} when the file is closed
     */
    <T> T read(Function<Handle, T> work) {
        return whileOpen(() -> readNow(work));
    }

    private <T> T readNow(Function<Handle, T> work) {
        Handle reader = taken();
        try {
            return reader.inTransaction(work::apply);
        } catch (JdbiException e) {
            throw failed(path.getFileName(), e);
        } finally {
            readers.add(reader);
        }
    }

    private Handle taken() {
        try {
            return readers.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(
                    new Failure.Cancelled("interrupted while waiting to read " + path.getFileName()), e);
        }
    }

    /**
     * Runs {@code work} as one transaction, one at a time; what it has written is durable when this returns.
     *
     * @throws FailureException {@code Internal} when the file is gone, though SQLite itself would go on to write to it,
     *     {@code NotReady} when it is closed
     */
    <T> T write(Function<Handle, T> work) {
        return whileOpen(() -> writeNow(work));
    }

    private <T> T writeNow(Function<Handle, T> work) {
        writing.lock();
        try {
            requireStanding();
            T result = writer.inTransaction(work::apply);
            requireStanding();
            return result;
        } catch (JdbiException e) {
            throw failed(path.getFileName(), e);
        } finally {
            writing.unlock();
        }
    }

    private <T> T whileOpen(Supplier<T> work) {
        if (!claims.tryClaim()) {
            throw new FailureException(new Failure.NotReady("registry " + path.getFileName() + " is closed"));
        }
        try {
            return work.get();
        } finally {
            claims.release();
        }
    }

    private void requireStanding() {
        trouble().ifPresent(trouble -> {
            throw new FailureException(trouble);
        });
    }

    /** Why nothing that is written now would last. */
    Optional<Failure> trouble() {
        return files.gone()
                .map(file -> new Failure.Internal("the registry's file " + file.getFileName()
                        + " was removed or replaced while the server runs: nothing can be recorded until the home"
                        + " folder is brought back and the server is started again; what is loaded goes on"));
    }

    /** @param named with its folder when it is opened only: callers of what is open may be strangers */
    private static FailureException failed(Path named, JdbiException error) {
        Throwable cause = error;
        while (cause.getCause() != null && !(cause instanceof SQLException)) {
            cause = cause.getCause();
        }
        return new FailureException(StorageFault.of("registry " + named, cause), error);
    }

    /** Begins no more transactions, and closes after the last of those under way. */
    @Override
    public void close() {
        claims.close();
        unused.join();
        all.reversed().forEach(Handle::close);
    }
}
