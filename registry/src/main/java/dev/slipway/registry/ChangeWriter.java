package dev.slipway.registry;

import dev.slipway.core.Endpoint;
import dev.slipway.core.ModelName;
import dev.slipway.registry.VersionRecord.FileRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/** Writes a change of one model and its history entry, within the transaction of a handle. */
final class ChangeWriter {

    private final Handle handle;
    private final Standing before;
    private final Change change;
    private final ModelName model;

    ChangeWriter(Handle handle, Standing before, Change change) {
        this.handle = handle;
        this.before = before;
        this.change = change;
        this.model = change.model();
    }

    HistoryEntry write(Instant now) {
        before.require(change);
        Map<Long, Long> settingsRevisions = new HashMap<>();
        Endpoint after = before.endpointAfter(change);
        boolean endpointMoves = before.endpointRevision() == 0 || !after.equals(before.endpoint());
        long endpointRevision = before.endpointRevision() + (endpointMoves ? 1 : 0);
        writeModel(endpointRevision);
        if (endpointMoves) {
            writeEndpoint(endpointRevision, after);
        }
        if (change.add() != null) {
            addVersion(change.add());
        }
        change.settings()
                .forEach((version, document) -> settingsRevisions.put(version, nextSettings(version, document)));
        writeAliases();
        served().forEach(this::writeServed);
        removeVersions();
        return record(now, after, settingsRevisions);
    }

    private Update update(String sql) {
        return handle.createUpdate(sql).bind("project", model.project()).bind("model", model.name());
    }

    private void writeModel(long endpointRevision) {
        update("""
                        INSERT INTO model (project, name, present, revision, endpoint_revision, last_seq, last_hash)
                        VALUES (:project, :model, :present, :revision, :endpointRevision, 0, '')
                        ON CONFLICT (project, name) DO UPDATE SET
                            present = :present, revision = :revision, endpoint_revision = :endpointRevision""")
                .bind("present", !change.removeModel())
                .bind("revision", before.revision() + 1)
                .bind("endpointRevision", endpointRevision)
                .execute();
    }

    private void writeEndpoint(long revision, Endpoint endpoint) {
        update("""
                        INSERT INTO endpoint (project, model, revision, document)
                        VALUES (:project, :model, :revision, :document)""")
                .bind("revision", revision)
                .bind("document", EndpointDocument.write(endpoint))
                .execute();
    }

    private void addVersion(VersionRecord version) {
        update("""
                        INSERT INTO version_number (project, model, number, digest)
                        VALUES (:project, :model, :number, :digest)""")
                .bind("number", version.number())
                .bind("digest", version.digest())
                .execute();
        update("""
                        INSERT INTO version (project, model, number, digest, manifest, size, created,
                            settings_revision, served)
                        VALUES (:project, :model, :number, :digest, :manifest, :size, :created, 0, :served)""")
                .bind("number", version.number())
                .bind("digest", version.digest())
                .bind("manifest", version.manifest())
                .bind("size", version.size())
                .bind("created", version.created().toString())
                .bind("served", version.served())
                .execute();
        nextSettings(version.number(), version.settings());
        for (int position = 0; position < version.files().size(); position++) {
            addFile(version.number(), position, version.files().get(position));
        }
    }

    private void addFile(long version, int position, FileRecord file) {
        update("""
                        INSERT INTO version_file (project, model, version, position, path, blob, size)
                        VALUES (:project, :model, :version, :position, :path, :blob, :size)""")
                .bind("version", version)
                .bind("position", position)
                .bind("path", file.path())
                .bind("blob", file.blob())
                .bind("size", file.size())
                .execute();
    }

    private long nextSettings(long version, String document) {
        long revision = handle.createQuery("""
                        UPDATE version SET settings_revision = settings_revision + 1
                        WHERE project = :project AND model = :model AND number = :version
                        RETURNING settings_revision""")
                .bind("project", model.project())
                .bind("model", model.name())
                .bind("version", version)
                .mapTo(Long.class)
                .one();
        update("""
                        INSERT INTO settings (project, model, version, revision, document)
                        VALUES (:project, :model, :version, :revision, :document)""")
                .bind("version", version)
                .bind("revision", revision)
                .bind("document", document)
                .execute();
        return revision;
    }

    private void writeAliases() {
        change.aliases().forEach((alias, version) -> {
            if (version == null) {
                update("DELETE FROM alias WHERE project = :project AND model = :model AND alias = :alias")
                        .bind("alias", alias)
                        .execute();
            } else {
                update("""
                                INSERT INTO alias (project, model, alias, version)
                                VALUES (:project, :model, :alias, :version)
                                ON CONFLICT (project, model, alias) DO UPDATE SET version = :version""").bind("alias", alias).bind("version", version).execute();
            }
        });
    }

    /** What the change says, and every version that it makes the endpoint or an alias name. */
    private Map<Long, Boolean> served() {
        Set<Long> named = new HashSet<>();
        if (change.endpoint() != null) {
            named.addAll(change.endpoint().versions());
        }
        change.aliases().values().forEach(version -> {
            if (version != null) {
                named.add(version);
            }
        });
        Map<Long, Boolean> served = new TreeMap<>();
        named.forEach(version -> served.put(version, true));
        served.putAll(change.served());
        return served;
    }

    private void writeServed(long version, boolean wanted) {
        update("""
                        UPDATE version SET served = :wanted
                        WHERE project = :project AND model = :model AND number = :version""").bind("wanted", wanted).bind("version", version).execute();
    }

    private void removeVersions() {
        if (change.removeModel()) {
            update("DELETE FROM alias WHERE project = :project AND model = :model")
                    .execute();
            update("DELETE FROM version WHERE project = :project AND model = :model")
                    .execute();
        }
        for (long version : change.remove()) {
            update("DELETE FROM version WHERE project = :project AND model = :model AND number = :version")
                    .bind("version", version)
                    .execute();
        }
    }

    private HistoryEntry record(Instant now, Endpoint after, Map<Long, Long> settingsRevisions) {
        Instant time = now.truncatedTo(ChronoUnit.MICROS);
        CanonicalEntry.Facts facts = new CanonicalEntry.Facts(
                before.seq() + 1,
                time.isBefore(before.time()) ? before.time() : time,
                before.revision() + 1,
                before.subject(change),
                Standing.busiest(before.endpoint()),
                after,
                settingsRevisions);
        String canonical = CanonicalEntry.write(change, facts);
        HistoryEntry entry = new HistoryEntry(
                facts.seq(),
                facts.time(),
                change.actor(),
                change.action(),
                facts.version(),
                facts.previous(),
                after,
                change.reason(),
                CanonicalEntry.FORMAT,
                canonical,
                before.hash(),
                CanonicalEntry.hash(before.hash(), canonical));
        new HistoryTable(handle).append(model, entry);
        update("UPDATE model SET last_seq = :seq, last_hash = :hash WHERE project = :project AND name = :model")
                .bind("seq", entry.seq())
                .bind("hash", entry.hash())
                .execute();
        return entry;
    }
}
