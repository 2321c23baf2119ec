package dev.slipway.deployment;

import dev.slipway.core.Sha256;
import dev.slipway.json.Json;
import dev.slipway.registry.VersionRecord;
import dev.slipway.registry.VersionRecord.FileRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The digest of a canonical manifest and of files' names and digests, so that an archive packed again is the same
 * version. A version is known by that under {@link Candidate#digest}'s name for its model, its laid-out folder by that
 * under the names that its files came with.
 */
final class VersionDigest {

    private static final int FORMAT = 1;

    private VersionDigest() {}

    static String of(String canonicalManifest, List<FileRecord> files) {
        List<Object> listed = new ArrayList<>();
        files.stream()
                .sorted(Comparator.comparing(FileRecord::path))
                .forEach(file -> listed.add(Map.of("path", file.path(), "blob", file.blob())));
        return "sha256:"
                + Sha256.hex(Json.canonical(
                        Map.of("format", (long) FORMAT, "manifest", canonicalManifest, "files", listed)));
    }

    /** The digest of a version's laid-out folder, where its files have the names that they came with. */
    static String ofFolder(VersionRecord version) {
        return of(version.manifest(), version.files());
    }
}
