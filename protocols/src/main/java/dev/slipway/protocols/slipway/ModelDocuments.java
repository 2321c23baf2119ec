package dev.slipway.protocols.slipway;

import dev.slipway.core.Failure;
import dev.slipway.core.Manifest;
import dev.slipway.core.ModelName;
import dev.slipway.deployment.ModelView;
import dev.slipway.deployment.VersionView;
import dev.slipway.json.Json;
import dev.slipway.packages.Manifests;
import dev.slipway.registry.HistoryEntry;
import dev.slipway.registry.ModelRecord;
import dev.slipway.registry.VersionRecord;
import dev.slipway.serving.LoadedVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Models, versions and history entries as the documents that {@code /api/v1} answers. */
final class ModelDocuments {

    private ModelDocuments() {}

    static Map<String, @Nullable Object> model(ModelView view) {
        Map<String, @Nullable Object> members = summary(view);
        members.put(
                "versions",
                view.versions().reversed().stream()
                        .map(version -> version(view, version))
                        .toList());
        return members;
    }

    /** What a list shows of a model. */
    static Map<String, @Nullable Object> summary(ModelView view) {
        ModelRecord record = view.record();
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("model", record.name().name());
        members.put("project", record.name().project());
        members.put("revision", record.revision());
        members.put("stable", digits(record.endpoint().stable().orElse(null)));
        members.put("endpoint", Manifests.toMap(record.endpoint()));
        Map<String, Object> aliases = new TreeMap<>();
        record.aliases().forEach((alias, version) -> aliases.put(alias, Long.toString(version)));
        members.put("aliases", aliases);
        Map<String, Object> states = new TreeMap<>((a, b) -> Long.compare(Long.parseLong(b), Long.parseLong(a)));
        view.versions()
                .forEach(version -> states.put(Long.toString(version.record().number()), state(version)));
        members.put("states", states);
        view.foremost().map(VersionView::manifest).ifPresent(manifest -> {
            members.put("task", manifest.task().id());
            members.put("format", manifest.format());
            members.put("description", manifest.description());
        });
        return members;
    }

    static Map<String, @Nullable Object> version(ModelView model, VersionView view) {
        VersionRecord record = view.record();
        Manifest manifest = view.manifest();
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("model", model.record().name().name());
        members.put("version", Long.toString(record.number()));
        members.put("state", state(view));
        Failure failure = view.failure();
        if (failure != null) {
            members.put("failure", Map.of("code", failure.code(), "detail", failure.detail()));
        }
        members.put("digest", record.digest());
        members.put("size", record.size());
        members.put("created", record.created().toString());
        members.put("aliases", aliases(model.record(), record.number()));
        members.put("format", manifest.format());
        members.put("task", manifest.task().id());
        members.put("description", manifest.description());
        members.put("labels", manifest.labels());
        members.put("columns", manifest.columns());
        members.put("signature", Manifests.toMap(manifest.signature()));
        members.put("settings", Manifests.toMap(view.settings()));
        members.put("settings_revision", record.settingsRevision());
        members.put("files", record.files().stream().map(ModelDocuments::file).toList());
        members.put("lineage", manifest.lineage());
        LoadedVersion loaded = view.loaded();
        if (loaded != null) {
            members.put("engine", loaded.engine());
            members.put("memory_bytes", loaded.memory());
            members.put("batchable", loaded.batchability().toString());
        }
        return members;
    }

    private static Map<String, Object> file(VersionRecord.FileRecord file) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", file.path());
        members.put("digest", file.blob());
        members.put("size", file.size());
        return members;
    }

    private static List<String> aliases(ModelRecord record, long version) {
        List<String> aliases = new ArrayList<>();
        if (record.endpoint().stable().equals(Optional.of(version))) {
            aliases.add("stable");
        }
        new TreeMap<>(record.aliases()).forEach((alias, named) -> {
            if (named == version) {
                aliases.add(alias);
            }
        });
        return aliases;
    }

    static String state(VersionView version) {
        return version.state().name().toLowerCase(Locale.ROOT);
    }

    static Map<String, @Nullable Object> entry(HistoryEntry entry) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("seq", entry.seq());
        members.put("time", entry.time().toString());
        members.put("actor", entry.actor());
        members.put("action", entry.action());
        members.put("version", digits(entry.version()));
        members.put("previous", digits(entry.previous()));
        members.put("reason", entry.reason());
        members.put("endpoint", Manifests.toMap(entry.endpoint()));
        members.put("aliases", moved(entry));
        members.put("hash", entry.hash());
        members.put("previous_hash", entry.previousHash());
        return members;
    }

    /** The aliases that an entry has moved, and null for those that it has removed. */
    private static Map<String, @Nullable String> moved(HistoryEntry entry) {
        Map<String, @Nullable String> moved = new TreeMap<>();
        if (Json.parse(entry.canonical()) instanceof Map<?, ?> canonical
                && canonical.get("aliases") instanceof Map<?, ?> aliases) {
            aliases.forEach((alias, version) ->
                    moved.put(String.valueOf(alias), version == null ? null : String.valueOf(version)));
        }
        return moved;
    }

    private static @Nullable String digits(@Nullable Long version) {
        return version == null ? null : Long.toString(version);
    }

    static String path(ModelName model, long version) {
        String prefix =
                model.project().equals(ModelName.DEFAULT_PROJECT) ? "/api/v1" : "/api/v1/projects/" + model.project();
        return prefix + "/models/" + model.name() + "/versions/" + version;
    }
}
