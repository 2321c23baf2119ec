package dev.slipway.deployment;

import dev.slipway.core.Settings;
import dev.slipway.json.Json;
import dev.slipway.packages.Manifests;
import dev.slipway.registry.VersionRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The documents of a version record, read. */
final class VersionDocuments {

    private VersionDocuments() {}

    static Settings settings(VersionRecord version) {
        if (!(Json.parse(version.settings()) instanceof Map<?, ?> members)) {
            throw new IllegalStateException("settings of version " + version.number() + " are no JSON object");
        }
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        members.forEach((key, value) -> document.put(String.valueOf(key), value));
        return Manifests.settings(document, Settings.DEFAULT);
    }
}
