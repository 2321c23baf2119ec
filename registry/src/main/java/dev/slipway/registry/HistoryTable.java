package dev.slipway.registry;

import dev.slipway.core.Count;
import dev.slipway.core.Endpoint;
import dev.slipway.core.ModelName;
import dev.slipway.registry.Registry.ChainReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The hash-chained histories, within the transaction of a handle. Entries are only ever added. */
final class HistoryTable {

    private record Row(long seq, long time, int format, String canonical, String previousHash, String hash) {

        HistoryEntry entry() {
            try {
                return CanonicalEntry.read(format, canonical, previousHash, hash);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The end of a chain as the model's own row names it. */
    private record Head(long seq, String hash) {}

    private final Handle handle;

    HistoryTable(Handle handle) {
        this.handle = handle;
    }

    void append(ModelName model, HistoryEntry entry) {
        named(handle.createUpdate("""
                                INSERT INTO history (project, model, seq, time, format, canonical, previous_hash, hash)
                                VALUES (:project, :model, :seq, :time, :format, :canonical, :previousHash, :hash)"""), model)
                .bind("seq", entry.seq())
                .bind("time", micros(entry.time()))
                .bind("format", entry.format())
                .bind("canonical", entry.canonical())
                .bind("previousHash", entry.previousHash())
                .bind("hash", entry.hash())
                .execute();
    }

    List<HistoryEntry> newestFirst(ModelName model, int limit, @Nullable Long beforeSeq) {
        return rows(
                        "AND seq < :before ORDER BY seq DESC LIMIT :limit",
                        model,
                        beforeSeq == null ? Long.MAX_VALUE : beforeSeq,
                        limit)
                .stream()
                .map(Row::entry)
                .toList();
    }

    Optional<Endpoint> endpointAt(ModelName model, Instant time) {
        return named(handle.createQuery("""
                                SELECT seq, time, format, canonical, previous_hash, hash FROM history
                                WHERE project = :project AND model = :model AND time <= :time
                                ORDER BY time DESC, seq DESC LIMIT 1"""), model)
                .bind("time", micros(time))
                .map((row, _) -> row(row))
                .findOne()
                .map(row -> row.entry().endpoint());
    }

    private List<Row> rows(String rest, ModelName model, long before, int limit) {
        return named(handle.createQuery("""
                                SELECT seq, time, format, canonical, previous_hash, hash FROM history
                                WHERE project = :project AND model = :model\s""" + rest), model)
                .bind("before", before)
                .bind("limit", limit)
                .map((row, _) -> row(row))
                .list();
    }

    private static Row row(java.sql.ResultSet row) throws java.sql.SQLException {
        return new Row(
                row.getLong(1), row.getLong(2), row.getInt(3), row.getString(4), row.getString(5), row.getString(6));
    }

    /** Recomputes every hash and looks whether each entry follows on the one before and the last is the model's last. */
    ChainReport verify(ModelName model) {
        long expected = 1;
        String hash = "";
        for (; ; ) {
            List<Row> page = rows("AND seq > :before ORDER BY seq LIMIT :limit", model, expected - 1, 1_000);
            for (Row row : page) {
                String fault = fault(row, expected, hash, model);
                if (!fault.isEmpty()) {
                    return new ChainReport(expected - 1, false, expected, fault);
                }
                hash = row.hash();
                expected++;
            }
            if (page.isEmpty()) {
                return end(model, expected, hash);
            }
        }
    }

    private ChainReport end(ModelName model, long expected, String hash) {
        Head head = named(
                        handle.createQuery(
                                "SELECT last_seq, last_hash FROM model WHERE project = :project AND name = :model"),
                        model)
                .map((row, _) -> new Head(row.getLong(1), row.getString(2)))
                .findOne()
                .orElse(new Head(0, ""));
        long entries = expected - 1;
        if (head.seq() > entries) {
            return new ChainReport(entries, false, expected, "entry " + expected + " is missing at the end");
        }
        if (head.seq() < entries || !head.hash().equals(hash)) {
            return new ChainReport(entries, false, entries, "entry " + entries + " is not the model's last");
        }
        return new ChainReport(
                entries, true, null, Count.of(entries, "entry", "entries") + ", each follows on the one before");
    }

    private static String fault(Row row, long expected, String previousHash, ModelName model) {
        String entry = "entry " + expected;
        if (row.seq() != expected) {
            return entry + " is missing, " + row.seq() + " comes next";
        }
        if (!row.previousHash().equals(previousHash)) {
            return entry + " does not follow on the entry before it";
        }
        if (!CanonicalEntry.hash(previousHash, row.canonical()).equals(row.hash())) {
            return entry + " was altered: its hash is not that of its content";
        }
        try {
            HistoryEntry read = row.entry();
            boolean same = read.seq() == row.seq() && micros(read.time()) == row.time();
            return same && CanonicalEntry.isOf(row.canonical(), row.format(), model)
                    ? ""
                    : entry + " does not say what its row says";
        } catch (UncheckedIOException | DateTimeException e) {
            return entry + " cannot be read: " + e.getMessage();
        }
    }

    private static <S extends SqlStatement<S>> S named(S statement, ModelName model) {
        return statement.bind("project", model.project()).bind("model", model.name());
    }

    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
