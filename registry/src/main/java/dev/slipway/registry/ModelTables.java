package dev.slipway.registry;

import dev.slipway.core.ModelName;
import dev.slipway.registry.VersionRecord.FileRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Reads models from their tables, within the transaction of a handle: four queries, for one model as for all. */
final class ModelTables {

    private record VersionKey(ModelName model, long number) {}

    private final Handle handle;

    ModelTables(Handle handle) {
        this.handle = handle;
    }

    List<ModelRecord> all() {
        return models(null);
    }

    Optional<ModelRecord> model(ModelName name) {
        return models(name).stream().findFirst();
    }

    private List<ModelRecord> models(@Nullable ModelName only) {
        Map<ModelName, List<VersionRecord>> versions = versions(only);
        Map<ModelName, Map<String, Long>> aliases = aliases(only);
        return select("""
                        SELECT m.project, m.name, m.revision, e.document
                        FROM model m
                        JOIN endpoint e ON e.project = m.project AND e.model = m.name AND e.revision = m.endpoint_revision
                        WHERE m.present = 1""", "m.project", "m.name", "m.project, m.name", only)
                .map((row, _) -> {
                    ModelName name = new ModelName(row.getString(1), row.getString(2));
                    return new ModelRecord(
                            name,
                            row.getLong(3),
                            EndpointDocument.read(row.getString(4)),
                            versions.getOrDefault(name, List.of()),
                            aliases.getOrDefault(name, Map.of()));
                })
                .list();
    }

    private Map<ModelName, List<VersionRecord>> versions(@Nullable ModelName only) {
        Map<VersionKey, List<FileRecord>> files = files(only);
        Map<ModelName, List<VersionRecord>> versions = new HashMap<>();
        select("""
                        SELECT v.project, v.model, v.number, v.digest, v.manifest, v.size, v.created,
                               v.settings_revision, s.document, v.served
                        FROM version v
                        JOIN settings s ON s.project = v.project AND s.model = v.model AND s.version = v.number
                            AND s.revision = v.settings_revision
                        WHERE 1 = 1""", "v.project", "v.model", "v.project, v.model, v.number", only)
                .map((row, _) -> {
                    ModelName model = new ModelName(row.getString(1), row.getString(2));
                    VersionRecord version = new VersionRecord(
                            row.getLong(3),
                            row.getString(4),
                            row.getString(5),
                            files.getOrDefault(new VersionKey(model, row.getLong(3)), List.of()),
                            row.getLong(6),
                            Instant.parse(row.getString(7)),
                            row.getLong(8),
                            row.getString(9),
                            row.getBoolean(10));
                    return Map.entry(model, version);
                })
                .forEach(entry -> versions.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
                        .add(entry.getValue()));
        return versions;
    }

    private Map<VersionKey, List<FileRecord>> files(@Nullable ModelName only) {
        Map<VersionKey, List<FileRecord>> files = new HashMap<>();
        select(
                        "SELECT project, model, version, path, blob, size FROM version_file WHERE 1 = 1",
                        "project",
                        "model",
                        "project, model, version, position",
                        only)
                .map((row, _) -> Map.entry(
                        new VersionKey(new ModelName(row.getString(1), row.getString(2)), row.getLong(3)),
                        new FileRecord(row.getString(4), row.getString(5), row.getLong(6))))
                .forEach(entry -> files.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
                        .add(entry.getValue()));
        return files;
    }

    private Map<ModelName, Map<String, Long>> aliases(@Nullable ModelName only) {
        Map<ModelName, Map<String, Long>> aliases = new HashMap<>();
        select("SELECT project, model, alias, version FROM alias WHERE 1 = 1", "project", "model", "alias", only)
                .map((row, _) -> Map.entry(
                        new ModelName(row.getString(1), row.getString(2)), Map.entry(row.getString(3), row.getLong(4))))
                .forEach(entry -> aliases.computeIfAbsent(entry.getKey(), _ -> new HashMap<>())
                        .put(entry.getValue().getKey(), entry.getValue().getValue()));
        return aliases;
    }

    private Query select(String sql, String project, String model, String order, @Nullable ModelName only) {
        if (only == null) {
            return handle.createQuery(sql + " ORDER BY " + order);
        }
        return handle.createQuery(sql + " AND " + project + " = :project AND " + model + " = :model ORDER BY " + order)
                .bind("project", only.project())
                .bind("model", only.name());
    }

    /** What a change is decided on; also of a model that was removed. */
    Standing standing(ModelName name) {
        Set<Long> versions = numbers("version", name);
        Set<Long> used = used(name);
        Map<String, Long> aliases = aliases(name).getOrDefault(name, Map.of());
        return handle.createQuery("""
                        SELECT m.present, m.revision, m.endpoint_revision, e.document, m.last_seq, m.last_hash, h.time
                        FROM model m
                        JOIN endpoint e ON e.project = m.project AND e.model = m.name AND e.revision = m.endpoint_revision
                        JOIN history h ON h.project = m.project AND h.model = m.name AND h.seq = m.last_seq
                        WHERE m.project = :project AND m.name = :model""")
                .bind("project", name.project())
                .bind("model", name.name())
                .map((row, _) -> new Standing(
                        name,
                        row.getBoolean(1),
                        row.getLong(2),
                        row.getLong(3),
                        EndpointDocument.read(row.getString(4)),
                        versions,
                        used,
                        aliases,
                        row.getLong(5),
                        row.getString(6),
                        HistoryTable.instant(row.getLong(7))))
                .findOne()
                .orElseGet(() -> Standing.absent(name));
    }

    /** Every number that a version of a model ever had. */
    Set<Long> used(ModelName name) {
        return numbers("version_number", name);
    }

    private Set<Long> numbers(String table, ModelName name) {
        return new HashSet<>(
                handle.createQuery("SELECT number FROM " + table + " WHERE project = :project AND model = :model")
                        .bind("project", name.project())
                        .bind("model", name.name())
                        .mapTo(Long.class)
                        .list());
    }
}
