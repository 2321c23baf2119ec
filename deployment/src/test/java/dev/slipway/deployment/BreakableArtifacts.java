package dev.slipway.deployment;

import dev.slipway.registry.ArtifactStore;
import dev.slipway.registry.VersionRecord.FileRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A real store, whose steps a test can break. */
record BreakableArtifacts(ArtifactStore real, Breakable breakable) implements ArtifactStore {

    @Override
    public boolean has(String digest) {
        return real.has(digest);
    }

    @Override
    public Blob put(InputStream bytes) throws IOException {
        breakable.write(Breakable.Step.STORE);
        return real.put(bytes);
    }

    @Override
    public Blob put(Path file) throws IOException {
        breakable.write(Breakable.Step.STORE);
        return real.put(file);
    }

    @Override
    public InputStream open(String digest) throws IOException {
        return real.open(digest);
    }

    @Override
    public Path layOut(String folderDigest, List<FileRecord> files) throws IOException {
        breakable.write(Breakable.Step.LAY_OUT);
        return real.layOut(folderDigest, files);
    }

    @Override
    public void discard(String folderDigest) throws IOException {
        real.discard(folderDigest);
    }

    @Override
    public long sweep(Set<String> referenced) throws IOException {
        return real.sweep(referenced);
    }
}
