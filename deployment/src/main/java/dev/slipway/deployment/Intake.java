package dev.slipway.deployment;

import dev.slipway.core.FailureException;
import dev.slipway.core.FolderTree;
import dev.slipway.core.Settings;
import dev.slipway.core.StorageFault;
import dev.slipway.packages.OpenedPackage;
import dev.slipway.packages.PackageOpener;
import dev.slipway.registry.ArtifactStore;
import dev.slipway.registry.VersionRecord.FileRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Opens what is to be deployed and makes its files durable, before anything is decided about it. */
final class Intake {

    private final PackageOpener opener;
    private final ArtifactStore artifacts;
    private final Path scratch;

    Intake(PackageOpener opener, ArtifactStore artifacts, Path scratch) {
        this.opener = opener;
        this.artifacts = artifacts;
        this.scratch = scratch;
    }

    /** What was taken in. */
    record Taken(String name, List<Candidate> candidates) {}

    Taken take(Path path, String filename, Consumer<String> progress) {
        Path folder = scratchFolder();
        try {
            progress.accept("opening " + filename);
            OpenedPackage opened = opener.open(path, filename, folder);
            List<Candidate> candidates = new ArrayList<>();
            opened.versions().forEach((number, version) -> candidates.add(store(number, version, progress)));
            return new Taken(opened.name(), candidates);
        } finally {
            delete(folder);
        }
    }

    private Candidate store(long number, OpenedPackage.Version version, Consumer<String> progress) {
        List<FileRecord> files = new ArrayList<>();
        for (String file : version.files()) {
            progress.accept("storing " + file);
            try {
                ArtifactStore.Blob blob = artifacts.put(version.folder().resolve(file));
                files.add(new FileRecord(file, blob.digest(), blob.size()));
            } catch (IOException e) {
                throw new FailureException(StorageFault.of("file '" + file + "' cannot be stored", e), e);
            }
        }
        Settings settings = version.settings();
        return Candidate.of(
                number, version.manifest(), files, settings == null ? Settings.DEFAULT : settings, version.findings());
    }

    private Path scratchFolder() {
        try {
            Files.createDirectories(scratch);
            return Files.createTempDirectory(scratch, "deploy-");
        } catch (IOException e) {
            throw new FailureException(StorageFault.of("no scratch folder can be made", e), e);
        }
    }

    /** Deletes what an earlier process left behind. */
    void emptyScratch() {
        if (Files.isDirectory(scratch)) {
            try (Stream<Path> left = Files.list(scratch)) {
                left.toList().forEach(Intake::delete);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void delete(Path folder) {
        try {
            FolderTree.delete(folder);
        } catch (IOException e) {
            throw new FailureException(StorageFault.of("scratch cannot be deleted", e), e);
        }
    }
}
