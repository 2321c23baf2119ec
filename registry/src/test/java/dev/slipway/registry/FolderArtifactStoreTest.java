package dev.slipway.registry;

import static dev.slipway.registry.RegistryKit.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Failure;
import dev.slipway.registry.ArtifactStore.Blob;
import dev.slipway.registry.VersionRecord.FileRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderArtifactStoreTest {

    private static final String ABC = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static final String VERSION = RegistryKit.digest(1);

    @TempDir
    Path folder;

    private final SteppingTime time = new SteppingTime();
    private FolderArtifactStore store;

    @BeforeEach
    void open() {
        store = new FolderArtifactStore(folder.resolve("a/artifacts"), time, Duration.ofHours(24));
    }

    private Blob put(String text) throws IOException {
        return store.put(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private Path place(String digest) {
        return new Digest(digest).below(folder.resolve("a/artifacts"));
    }

    private void alter(String digest, String content) throws IOException {
        Files.delete(place(digest));
        Files.writeString(place(digest), content);
    }

    private static List<FileRecord> files(Blob blob) {
        return List.of(
                new FileRecord("model.onnx", blob.digest(), blob.size()),
                new FileRecord("data/deep/weights.bin", blob.digest(), blob.size()));
    }

    @Test
    void aBlobIsNamedByItsDigestAndProtected() throws IOException {
        assertThat(store.has(ABC)).isFalse();
        assertThat(put("abc")).isEqualTo(new Blob(ABC, 3));
        assertThat(store.has(ABC)).isTrue();
        try (InputStream bytes = store.open(ABC)) {
            assertThat(bytes.readAllBytes()).asString().isEqualTo("abc");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place(ABC))))
                .isEqualTo("r--r--r--");
        assertThat(folder.resolve("a/artifacts/incoming")).isEmptyDirectory();
    }

    @Test
    void theSameBytesAgainChangeNothing() throws IOException {
        put("abc");
        Object before = Files.readAttributes(place(ABC), "unix:ino").get("ino");
        assertThat(put("abc").digest()).isEqualTo(ABC);
        assertThat(Files.readAttributes(place(ABC), "unix:ino").get("ino")).isEqualTo(before);
    }

    @Test
    void aFileIsCopiedSoThatItsOwnerMayGoOnWritingToIt() throws IOException {
        Path original = Files.writeString(folder.resolve("mine.onnx"), "abc");
        store.put(original);
        Files.writeString(original, "xyz");
        assertThat(place(ABC)).hasContent("abc");
        assertThat(Files.isWritable(original)).isTrue();
    }

    @Test
    void aVersionIsLaidOutUnderItsOriginalNames() throws IOException {
        Path laid = store.layOut(VERSION, files(put("abc")));
        assertThat(laid.resolve("model.onnx")).hasContent("abc");
        assertThat(laid.resolve("data/deep/weights.bin")).hasContent("abc");
        assertThat(Files.isSameFile(laid.resolve("model.onnx"), place(ABC))).isTrue();
        assertThat(store.layOut(VERSION, files(put("abc")))).isEqualTo(laid);

        store.discard(VERSION);
        assertThat(laid).doesNotExist();
        assertThat(store.has(ABC)).isTrue();
        assertThat(store.layOut(VERSION, files(put("abc"))).resolve("model.onnx"))
                .hasContent("abc");
    }

    @Test
    void whatAnEarlierProcessLeftHalfLaidOutIsLaidOutAnew() throws IOException {
        Path laid = store.layOut(VERSION, files(put("abc")));
        Files.delete(laid.resolve("model.onnx"));
        Files.writeString(laid.resolve("stray"), "");
        open();
        assertThat(store.layOut(VERSION, files(put("abc"))).resolve("model.onnx"))
                .hasContent("abc");
        assertThat(laid.resolve("stray")).doesNotExist();
    }

    @Test
    void anAlteredOrMissingBlobIsNamedWhenItIsFirstUsed() throws IOException {
        Blob blob = put("abc");
        alter(ABC, "abd");
        open();
        String file = "artifact " + ABC;
        assertFails(
                Failure.Internal.class,
                file + " was altered",
                () -> store.open(ABC).close());
        assertFails(Failure.Internal.class, file + " was altered", () -> store.layOut(VERSION, files(blob)));
        Files.delete(place(ABC));
        assertFails(Failure.Internal.class, file + " is missing", () -> store.layOut(VERSION, files(blob)));
    }

    @Test
    void aBlobThatIsAlteredAfterItWasUsedIsNamedAtTheNextUse() throws IOException {
        Blob blob = put("abc");
        store.open(ABC).close();
        alter(ABC, "abd");
        assertFails(
                Failure.Internal.class, "artifact " + ABC + " was altered", () -> store.layOut(VERSION, files(blob)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abd", "ab", ""})
    void puttingTheBytesAgainHealsAnAlteredBlob(String altered) throws IOException {
        put("abc");
        alter(ABC, altered);
        open();
        put("abc");
        assertThat(place(ABC)).hasContent("abc");
        store.open(ABC).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../out", "/etc/passwd", "a/../../out", "..", "", ".", "a\\b"})
    void aPathThatLeavesTheVersionIsRefused(String path) throws IOException {
        Blob blob = put("abc");
        assertFails(
                Failure.BadInput.class,
                "file '" + path + "' must have a relative path",
                () -> store.layOut(VERSION, List.of(new FileRecord(path, blob.digest(), 3))));
        assertThat(folder.resolve("a/artifacts/incoming")).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "sha256:../../etc/passwd", "sha256:BA7816"})
    void whatIsNoDigestIsRefused(String digest) {
        assertFails(Failure.BadInput.class, "must match sha256:[0-9a-f]{64}", () -> store.has(digest));
        assertFails(Failure.BadInput.class, "must match", () -> store.layOut(digest, List.of()));
    }

    @Test
    void anUploadThatBreaksOffLeavesNothing() throws IOException {
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(new byte[1_000_000]), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the client went away");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return read();
            }
        });
        assertThatThrownBy(() -> store.put(broken)).hasMessage("the client went away");
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void sweepRemovesWhatIsUnreferencedAndOldEnough() throws IOException {
        put("abc");
        Blob kept = put("kept");
        time.step(Duration.ofHours(25));
        Blob young = put("young");
        assertThat(store.sweep(Set.of(kept.digest()))).isEqualTo(3);
        assertThat(store.has(ABC)).isFalse();
        assertThat(store.has(kept.digest())).isTrue();
        assertThat(store.has(young.digest())).isTrue();
    }

    @Test
    void aBlobThatIsPutAgainIsYoungAgain() throws IOException {
        put("abc");
        time.step(Duration.ofHours(25));
        put("abc");
        assertThat(store.sweep(Set.of())).isZero();
        assertThat(store.has(ABC)).isTrue();
    }

    @Test
    void sweepLeavesWhatThisProcessHasLaidOut() throws IOException {
        Path laid = store.layOut(VERSION, files(put("abc")));
        store.sweep(Set.of(ABC));
        assertThat(laid).exists();
        open();
        store.sweep(Set.of(ABC));
        assertThat(laid).doesNotExist();
    }
}
