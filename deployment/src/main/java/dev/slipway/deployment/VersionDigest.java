package dev.slipway.deployment;

import dev.slipway.json.Json;
import dev.slipway.registry.VersionRecord;
import dev.slipway.registry.VersionRecord.FileRecord;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
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
        return sha256(Json.canonical(Map.of("format", (long) FORMAT, "manifest", canonicalManifest, "files", listed)));
    }

    /** The digest of a version's laid-out folder, where its files have the names that they came with. */
    static String ofFolder(VersionRecord version) {
        return of(version.manifest(), version.files());
    }

    private static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return "sha256:" + HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
