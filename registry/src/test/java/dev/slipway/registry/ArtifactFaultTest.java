package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Sha256;
import dev.slipway.registry.ArtifactStore.Blob;
import dev.slipway.registry.VersionRecord.FileRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file system that fails at step N, for every N: a restart finds the old or the new state, and all that was promised. */
class ArtifactFaultTest {

    private static final Path ROOT = Path.of("/home/artifacts");
    private static final String VERSION = RegistryKit.digest(5);

    private final SteppingTime time = new SteppingTime();

    private static byte[] content(int seed) {
        byte[] content = new byte[600_000];
        new Random(seed).nextBytes(content);
        return content;
    }

    private static final byte[] FIRST = content(1);
    private static final byte[] SECOND = content(2);

    /** What the store has promised. */
    private final List<Blob> acknowledged = new ArrayList<>();

    private void put(ArtifactStore store, byte[] content) throws IOException {
        acknowledged.add(store.put(new ByteArrayInputStream(content)));
    }

    private List<FileRecord> files() {
        return acknowledged.stream()
                .map(blob -> new FileRecord("data/" + blob.digest().substring(7, 12), blob.digest(), blob.size()))
                .distinct()
                .toList();
    }

    /** Everything that a store does, with its power to fail. */
    private void work(ArtifactStore store) throws IOException {
        put(store, FIRST);
        put(store, SECOND);
        store.layOut(VERSION, files());
        put(store, FIRST);
        store.sweep(Set.of(acknowledged.get(0).digest(), acknowledged.get(1).digest()));
        store.discard(VERSION);
    }

    private FolderArtifactStore store(MemoryDisk disk) {
        return new FolderArtifactStore(ROOT, time, Duration.ZERO, disk);
    }

    @ParameterizedTest
    @EnumSource
    void everyStep(MemoryDisk.Fault fault) throws IOException {
        for (MemoryDisk.Names survive : MemoryDisk.Names.values()) {
            boolean failed = true;
            for (long step = 1; failed; step++) {
                failed = failsAt(step, fault, survive);
                assertThat(step).isLessThan(1_000);
            }
        }
    }

    private boolean failsAt(long step, MemoryDisk.Fault fault, MemoryDisk.Names survive) throws IOException {
        acknowledged.clear();
        MemoryDisk disk = new MemoryDisk();
        disk.createFolder(Path.of("/home"));
        disk.syncFolder(Path.of("/"));
        disk.failAt(step, fault);
        try {
            work(store(disk));
        } catch (IOException | UncheckedIOException e) {
            assertThat(disk.failed()).isTrue();
        }
        boolean failed = disk.failed();
        disk.restart(survive);
        requireWhole(disk);
        return failed;
    }

    private void requireWhole(MemoryDisk disk) throws IOException {
        ArtifactStore store = store(disk);
        for (Blob blob : acknowledged) {
            assertThat(store.has(blob.digest())).isTrue();
        }
        for (byte[] content : List.of(FIRST, SECOND)) {
            String digest = digest(content);
            if (store.has(digest)) {
                try (InputStream bytes = store.open(digest)) {
                    assertThat(bytes.readAllBytes()).isEqualTo(content);
                }
            }
        }
        acknowledged.clear();
        put(store, FIRST);
        put(store, SECOND);
        Path folder = store.layOut(VERSION, files());
        for (FileRecord file : files()) {
            try (InputStream bytes = disk.open(folder.resolve(file.path()))) {
                assertThat(bytes.readAllBytes()).hasSize((int) file.size());
            }
        }
        store.sweep(Set.of());
        assertThat(disk.list(ROOT.resolve("incoming"))).isEmpty();
        assertThat(store.has(digest(FIRST))).isFalse();
    }

    private static String digest(byte[] content) {
        var hash = Sha256.digest();
        hash.update(content);
        return Digest.of(hash).text();
    }
}
