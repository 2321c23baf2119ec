package dev.slipway.protocols.slipway;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Sha256;
import dev.slipway.deployment.Scratch;
import dev.slipway.registry.ArtifactStore;
import dev.slipway.registry.VersionRecord.FileRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** A folder for a moment, made of blobs that are already stored, under the names that a caller lists. */
final class BlobFolder {

    private final ArtifactStore artifacts;

    BlobFolder(ArtifactStore artifacts) {
        this.artifacts = artifacts;
    }

    <T> T with(List<FileRecord> files, Function<Path, T> work) throws IOException {
        for (FileRecord file : files) {
            if (!artifacts.has(file.blob())) {
                throw new FailureException(Failure.BadInput.of("file '" + file.path() + "': blob " + file.blob()
                        + " is not here; bring it with PUT /api/v1/blobs/" + file.blob()));
            }
        }
        String name = unique();
        Path folder = artifacts.layOut(name, files);
        try {
            return work.apply(folder);
        } finally {
            Scratch.discard(folder, () -> artifacts.discard(name));
        }
    }

    /** A digest that no version has, so that two callers never share a folder. */
    private static String unique() {
        return "sha256:" + Sha256.hex(UUID.randomUUID().toString());
    }
}
