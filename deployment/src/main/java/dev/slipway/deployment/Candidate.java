package dev.slipway.deployment;

import dev.slipway.core.Manifest;
import dev.slipway.core.Settings;
import dev.slipway.json.Json;
import dev.slipway.packages.Manifests;
import dev.slipway.packages.OpenedPackage.Finding;
import dev.slipway.registry.VersionRecord;
import dev.slipway.registry.VersionRecord.FileRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A version whose files are durable but which nobody knows yet.
 *
 * @param number the number that its folder had; 0 when it has none yet
 * @param digest the version's, in which its model is called {@value #MODEL}: what the file was called where it came from
 *     says nothing of the version
 * @param folderDigest that of the files under their own names, as {@link VersionDigest#ofFolder}
 */
record Candidate(
        long number,
        String digest,
        String folderDigest,
        String canonicalManifest,
        List<FileRecord> files,
        Settings settings,
        List<Finding> findings) {

    private static final String MODEL = "model.onnx";

    Candidate {
        files = List.copyOf(files);
        findings = List.copyOf(findings);
    }

    /** A candidate of the files of a package. */
    static Candidate of(
            long number, Manifest manifest, List<FileRecord> files, Settings settings, List<Finding> findings) {
        List<FileRecord> sorted =
                files.stream().sorted(Comparator.comparing(FileRecord::path)).toList();
        String canonical = Manifests.write(manifest);
        return new Candidate(
                number,
                namelessDigest(manifest, files),
                VersionDigest.of(canonical, files),
                canonical,
                sorted,
                settings,
                findings);
    }

    /** A model in a folder of its package counts with its place, since its weights stand beside it. */
    private static String namelessDigest(Manifest manifest, List<FileRecord> files) {
        String own = manifest.model();
        boolean taken = files.stream()
                .anyMatch(file -> file.path().equals(MODEL) && !file.path().equals(own));
        if (taken || own.contains("/")) {
            return VersionDigest.of(Manifests.write(manifest), files);
        }
        List<FileRecord> renamed = files.stream()
                .map(file -> file.path().equals(own) ? new FileRecord(MODEL, file.blob(), file.size()) : file)
                .toList();
        return VersionDigest.of(Manifests.write(manifest.withModel(MODEL)), renamed);
    }

    /** Whether a recorded version has these files and words; older homes have counted the model's own name. */
    boolean is(VersionRecord there) {
        return there.digest().equals(digest) || there.digest().equals(folderDigest);
    }

    /** The same with more findings. */
    Candidate warned(List<Finding> warnings) {
        List<Finding> all = new ArrayList<>(findings);
        all.addAll(warnings);
        return new Candidate(number, digest, folderDigest, canonicalManifest, files, settings, all);
    }

    /** The same with other settings. */
    Candidate with(DeployRequest.Revision revision) {
        Settings revised = revision.of(Manifests.read(canonicalManifest), settings);
        return new Candidate(number, digest, folderDigest, canonicalManifest, files, revised, findings);
    }

    VersionRecord record(long as, Instant created, boolean served) {
        long size = files.stream().mapToLong(FileRecord::size).sum();
        String document = Json.canonical(Manifests.toMap(settings));
        return new VersionRecord(as, digest, canonicalManifest, files, size, created, 1, document, served);
    }
}
