package dev.slipway.deployment;

import dev.slipway.core.FailureException;
import dev.slipway.core.Settings;
import dev.slipway.core.StorageFault;
import dev.slipway.packages.OpenedPackage;
import dev.slipway.packages.PackageOpener;
import dev.slipway.registry.ArtifactStore;
import dev.slipway.registry.VersionRecord.FileRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Opens what is to be deployed and makes its files durable, before anything is decided about it. */
final class Intake {

    private final PackageOpener opener;
    private final ArtifactStore artifacts;
    private final Scratch scratch;

    Intake(PackageOpener opener, ArtifactStore artifacts, Scratch scratch) {
        this.opener = opener;
        this.artifacts = artifacts;
        this.scratch = scratch;
    }

    /** What was taken in. */
    record Taken(String name, List<Candidate> candidates) {}

    Taken take(Path path, String filename, Consumer<String> progress) {
        return scratch.with(folder -> {
            progress.accept("opening " + filename);
            OpenedPackage opened = opener.open(path, filename, folder);
            List<Candidate> candidates = new ArrayList<>();
            opened.versions().forEach((number, version) -> candidates.add(store(number, version, progress)));
            return new Taken(opened.name(), candidates);
        });
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
}
