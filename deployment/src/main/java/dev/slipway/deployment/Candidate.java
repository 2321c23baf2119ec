package dev.slipway.deployment;

import dev.slipway.core.Manifest;
import dev.slipway.core.Settings;
import dev.slipway.json.Json;
import dev.slipway.packages.Manifests;
import dev.slipway.packages.OpenedPackage.Finding;
import dev.slipway.registry.VersionRecord;
import dev.slipway.registry.VersionRecord.FileRecord;
import java.time.Instant;
import java.util.List;

/**
 * A version whose files are durable but which nobody knows yet.
 *
 * @param number the number that its folder had; 0 when it has none yet
 */
record Candidate(
        long number,
        String digest,
        Manifest manifest,
        String canonicalManifest,
        List<FileRecord> files,
        Settings settings,
        List<Finding> findings) {

    Candidate {
        files = List.copyOf(files);
        findings = List.copyOf(findings);
    }

    VersionRecord record(long as, Instant created, boolean served) {
        long size = files.stream().mapToLong(FileRecord::size).sum();
        String document = Json.canonical(Manifests.toMap(settings));
        return new VersionRecord(as, digest, canonicalManifest, files, size, created, 1, document, served);
    }
}
