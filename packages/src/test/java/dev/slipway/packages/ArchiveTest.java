package dev.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveTest {

    private static final PackageOpener.Limits SMALL = new PackageOpener.Limits(20, 1 << 20, 200);

    private final Random random = new Random(7);

    @TempDir
    Path root;

    private Path scratch;

    @BeforeEach
    void layOut() throws IOException {
        scratch = Files.createDirectories(root.resolve("inside/scratch"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip", "tar", "tar.gz"})
    void aPackageMayBePacked(String kind) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("model.yaml", "name: packed".getBytes(StandardCharsets.UTF_8));
        files.put("m.onnx", Samples.external().toBytes());
        files.put("weights.bin", new byte[48]);
        OpenedPackage opened = open(pack(kind, files), kind);
        assertThat(opened.name()).isEqualTo("packed");
        assertThat(opened.versions().get(0L).files()).containsExactly("m.onnx", "weights.bin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip", "tar", "tar.gz"})
    void oneFolderAroundItDoesNotMatter(String kind) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("./iris-1.0/1/model.onnx", Samples.scores().toBytes());
        files.put("./iris-1.0/2/model.onnx", Samples.scores().toBytes());
        files.put("__MACOSX/x", new byte[1]);
        OpenedPackage opened = open(pack(kind, files), kind);
        assertThat(opened.versions()).containsOnlyKeys(1L, 2L);
        assertThat(opened.name()).isEqualTo("archive");
    }

    @Test
    void aVersionAloneInAnArchiveKeepsItsNumber() throws IOException {
        assertThat(open(pack("zip", Map.of("7/model.onnx", Samples.scores().toBytes())), "zip")
                        .versions())
                .containsOnlyKeys(7L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "a/../../evil", "/evil", "C:/evil", "a\\..\\evil", "..", "a\u0001b"})
    void pathsOutOfTheArchiveAreRefused(String name) throws IOException {
        for (String kind : List.of("zip", "tar", "tar.gz")) {
            Path archive = pack(kind, Map.of(name, new byte[] {1}));
            refused(archive, kind, Failure.BadInput.class, "entry");
        }
        assertThat(everything()).noneMatch(path -> path.contains("evil"));
    }

    @Test
    void linksAndDevicesAreRefused() throws IOException {
        for (byte type :
                new byte[] {TarConstants.LF_SYMLINK, TarConstants.LF_LINK, TarConstants.LF_CHR, TarConstants.LF_FIFO}) {
            Path tar = root.resolve("link.tar");
            try (TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar))) {
                TarArchiveEntry entry = new TarArchiveEntry("model.onnx", type);
                entry.setLinkName("/etc/passwd");
                out.putArchiveEntry(entry);
                out.closeArchiveEntry();
            }
            refused(tar, "tar", Failure.BadInput.class, "is a link, device");
        }
        Path zip = root.resolve("link.zip");
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
            ZipArchiveEntry entry = new ZipArchiveEntry("model.onnx");
            entry.setUnixMode(0120777);
            out.putArchiveEntry(entry);
            out.write("/etc/passwd".getBytes(StandardCharsets.UTF_8));
            out.closeArchiveEntry();
        }
        refused(zip, "zip", Failure.BadInput.class, "is a link or device");
    }

    @Test
    void anEntryThatComesTwiceIsRefused() throws IOException {
        Path zip = root.resolve("twice.zip");
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
            for (int i = 0; i < 2; i++) {
                out.putArchiveEntry(new ZipArchiveEntry("model.onnx"));
                out.write(Samples.scores().toBytes());
                out.closeArchiveEntry();
            }
        }
        refused(zip, "zip", Failure.BadInput.class, "comes twice");
        Map<String, byte[]> files = new TreeMap<>();
        files.put("a", new byte[1]);
        files.put("a/b", new byte[1]);
        refused(pack("tar", files), "tar", Failure.BadInput.class, "a folder where a file is");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip", "tar", "tar.gz"})
    void namesThatDifferInCaseOnlyAreRefused(String kind) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("weights/A.bin", new byte[1]);
        files.put("Weights/a.bin", new byte[1]);
        refused(pack(kind, files), kind, Failure.BadInput.class, "upper and lower case");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip", "tar", "tar.gz"})
    void namesThatDifferInUnicodeFormOnlyAreRefused(String kind) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("caf\u00e9.bin", new byte[1]);
        files.put("cafe\u0301.bin", new byte[1]);
        refused(pack(kind, files), kind, Failure.BadInput.class, "differ in how Unicode writes their letters");
    }

    @Test
    void aNameWrittenTwoWaysComesTwice() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("./a.bin", new byte[1]);
        files.put("a.bin", new byte[1]);
        refused(pack("tar", files), "tar", Failure.BadInput.class, "entry 'a.bin' comes twice");
    }

    @Test
    void aTarIsReadNoFurtherThanItsLimit() throws IOException {
        Map<String, byte[]> many = new LinkedHashMap<>();
        for (int i = 0; i < 25; i++) {
            many.put("f" + i, new byte[0]);
        }
        byte[] tar = Files.readAllBytes(pack("tar", many));
        Arrays.fill(tar, 22 * 512, tar.length, (byte) 'x');
        refused(
                Files.write(root.resolve("broken.tar"), tar),
                "tar",
                Failure.TooLarge.class,
                "it has more than 20 entries");
    }

    @Test
    void whatFollowsOnATarIsRefused() throws IOException {
        byte[] whole =
                Files.readAllBytes(pack("tar", Map.of("m.onnx", Samples.scores().toBytes())));
        Path tail = root.resolve("tail.tar");
        for (int at : List.of(2 * 512, 9 * 512)) {
            byte[] longer = Arrays.copyOf(whole, whole.length + 10 * 512);
            longer[whole.length + at] = 'x';
            refused(Files.write(tail, longer), "tar", Failure.BadInput.class, "something follows on its end");
        }
        byte[] zeros = Arrays.copyOf(whole, whole.length + 1_000);
        assertThat(open(Files.write(tail, zeros), "tar").versions()).hasSize(1);
        byte[] endless = Arrays.copyOf(whole, 8 << 20);
        refused(Files.write(tail, endless), "tar", Failure.BadInput.class, "what fills it up");
    }

    @Test
    void aTarGzIsReadToItsChecksum() throws IOException {
        byte[] whole = Files.readAllBytes(
                pack("tar.gz", Map.of("m.onnx", Samples.scores().toBytes())));
        Path file = root.resolve("mended.tar.gz");
        assertThat(open(Files.write(file, whole), "tar.gz").versions()).hasSize(1);
        for (int cut = 1; cut <= 8; cut++) {
            Files.write(file, Arrays.copyOf(whole, whole.length - cut));
            refused(file, "tar.gz", Failure.BadInput.class, "is broken");
        }
        byte[] wrong = whole.clone();
        wrong[whole.length - 8] ^= 1;
        refused(Files.write(file, wrong), "tar.gz", Failure.BadInput.class, "is broken");
        byte[] tail = Arrays.copyOf(whole, whole.length + 3);
        tail[whole.length] = 'x';
        refused(Files.write(file, tail), "tar.gz", Failure.BadInput.class, "is broken");
    }

    @Test
    void aZipIsRefusedBeforeAnythingOfItIsWritten() throws IOException {
        Map<String, byte[]> many = new LinkedHashMap<>();
        for (int i = 0; i < 20_000; i++) {
            many.put("f" + i, new byte[0]);
        }
        refused(pack("zip", many), "zip", Failure.TooLarge.class, "it has more than 20 entries");
        refused(
                pack("zip", Map.of("a", new byte[0], "x".repeat(1_000), new byte[0])),
                "zip",
                Failure.BadInput.class,
                "has a part of more than 255 bytes");
        Map<String, byte[]> lastIsBad = new LinkedHashMap<>();
        lastIsBad.put("model.onnx", Samples.scores().toBytes());
        for (String evil : List.of("../evil", "a\u0000b")) {
            Map<String, byte[]> files = new LinkedHashMap<>(lastIsBad);
            files.put(evil, new byte[1]);
            refused(pack("zip", files), "zip", Failure.BadInput.class, "entry");
        }
        try (Stream<Path> written = Files.walk(scratch)) {
            assertThat(written.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void aPackedFileInAnArchiveIsLeftAsItIs() throws IOException {
        byte[] inner =
                Files.readAllBytes(pack("zip", Map.of("m.onnx", Samples.scores().toBytes())));
        refused(pack("zip", Map.of("inner.zip", inner)), "zip", Failure.BadInput.class, "has no ONNX model");
        Map<String, byte[]> files = new TreeMap<>();
        files.put("m.onnx", Samples.scores().toBytes());
        files.put("inner.zip", inner);
        assertThat(open(pack("zip", files), "zip").versions().get(0L).files()).containsExactly("m.onnx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip", "tar.gz"})
    void bombsAreStopped(String kind) throws IOException {
        refused(pack(kind, Map.of("zeros", new byte[2 << 20])), kind, Failure.TooLarge.class, "1048576");
        Map<String, byte[]> many = new TreeMap<>();
        for (int i = 0; i < 21; i++) {
            many.put("f" + i, new byte[0]);
        }
        refused(pack(kind, many), kind, Failure.TooLarge.class, "entries");
        Path dense = pack(kind, Map.of("zeros", new byte[80 << 20]));
        assertThatThrownBy(() -> new PackageOpener(PackageOpener.Limits.DEFAULT).open(dense, "dense." + kind, scratch))
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.TooLarge.class))
                .hasMessageContaining("200 times its size");
    }

    @Test
    void headersOfATarCannotFillTheMemory() throws IOException {
        Path tar = root.resolve("header.tar.gz");
        try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(tar));
                TarArchiveOutputStream out = new TarArchiveOutputStream(gzip)) {
            TarArchiveEntry entry = new TarArchiveEntry("long", TarConstants.LF_GNUTYPE_LONGNAME);
            entry.setSize(64 << 20);
            out.putArchiveEntry(entry);
            out.write(new byte[64 << 20]);
            out.closeArchiveEntry();
        }
        refused(tar, "tar.gz", Failure.BadInput.class, "headers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip", "tar", "tar.gz"})
    void everyTruncationIsRefusedOrHarmless(String kind) throws IOException {
        byte[] whole =
                Files.readAllBytes(pack(kind, Map.of("m.onnx", Samples.scores().toBytes())));
        for (int length = 0; length < whole.length - 1; length += 7) {
            Path cut = Files.write(root.resolve("cut." + kind), Arrays.copyOf(whole, length));
            try {
                open(cut, kind);
                assertThat(kind)
                        .as("only a tar may lose its end, at %d", length)
                        .isEqualTo("tar");
            } catch (FailureException e) {
                assertThat(e.failure()).isInstanceOfAny(Failure.BadInput.class, Failure.Unsupported.class);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "zip    | 200  | the list of entries at its end is cut short or damaged",
                "tar    | 100  | its beginning is not that of a zip, tar or tar.gz",
                "tar    | 600  | entry 'a.bin' is cut short or damaged",
                "tar    | 2048 | what follows on entry 'a.bin' is cut short or damaged",
                "tar    | 2100 | what follows on entry 'a.bin' is cut short or damaged",
                "tar.gz | 15   | its beginning is cut short or damaged",
                "tar.gz | 700  | entry 'a.bin' is cut short or damaged",
                "tar.gz | 1700 | entry 'b.bin' is cut short or damaged",
            })
    void whereAnArchiveWasCutIsSaid(String kind, int length, String words) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("a.bin", noise(1_500));
        files.put("b.bin", noise(1_500));
        byte[] whole = Files.readAllBytes(pack(kind, files));
        Path cut = Files.write(root.resolve("cut." + kind), Arrays.copyOf(whole, length));
        refused(
                cut,
                kind,
                Failure.BadInput.class,
                "archive 'archive." + kind + "' is broken: " + words + "; copy or pack it again");
    }

    @Test
    void aTarThatLacksItsEndIsRefusedForWhatMayBeMissing() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("m.onnx", Samples.scores().toBytes());
        byte[] whole = Files.readAllBytes(pack("tar", files));
        int end = 512 + (Samples.scores().toBytes().length + 511) / 512 * 512;
        Path cut = root.resolve("cut.tar");
        refused(Files.write(cut, Arrays.copyOf(whole, end)), "tar", Failure.BadInput.class, "what follows on entry");
        assertThat(open(Files.write(cut, Arrays.copyOf(whole, end + 512)), "tar")
                        .versions())
                .hasSize(1);
    }

    @Test
    void aHeaderThatIsNotWhatWasPackedIsRefused() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("m.onnx", Samples.scores().toBytes());
        files.put("n.bin", new byte[1]);
        byte[] whole = Files.readAllBytes(pack("tar", files));
        whole[512 + (Samples.scores().toBytes().length + 511) / 512 * 512] = 'x';
        refused(
                Files.write(root.resolve("header.tar"), whole),
                "tar",
                Failure.BadInput.class,
                "what follows on entry 'm.onnx' is cut short or damaged");
    }

    @Test
    void aZipWithAWrongChecksumNamesTheEntry() throws IOException {
        byte[] bytes = Files.readAllBytes(pack("zip", Map.of("a.bin", noise(1_500))));
        bytes[indexOf(bytes, new byte[] {'P', 'K', 1, 2}) + 16] ^= 1;
        refused(
                Files.write(root.resolve("crc.zip"), bytes),
                "zip",
                Failure.BadInput.class,
                "entry 'a.bin' is damaged, its checksum is not the stated one");
    }

    private byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        random.nextBytes(noise);
        return noise;
    }

    @Test
    void aZipThatLiesAboutSizesOrBytesIsRefused() throws IOException {
        byte[] bytes =
                Files.readAllBytes(pack("zip", Map.of("m.onnx", Samples.scores().toBytes())));
        int directory = indexOf(bytes, new byte[] {'P', 'K', 1, 2});
        byte[] size = bytes.clone();
        size[directory + 24]++;
        refused(Files.write(root.resolve("size.zip"), size), "zip", Failure.BadInput.class, "m.onnx");
        byte[] checksum = bytes.clone();
        checksum[directory + 16]++;
        refused(Files.write(root.resolve("crc.zip"), checksum), "zip", Failure.BadInput.class, "checksum");
        byte[] encrypted = bytes.clone();
        encrypted[directory + 8] |= 1;
        refused(Files.write(root.resolve("locked.zip"), encrypted), "zip", Failure.BadInput.class, "is encrypted");
    }

    @Test
    void archivesOfOtherSystemsAreRefusedByName() throws IOException {
        refused(
                pack("zip", Map.of("net/data.pkl", new byte[1], "net/constants.pkl", new byte[1])),
                "zip",
                Failure.Unsupported.class,
                "TorchScript");
        refused(
                pack("zip", Map.of("MAR-INF/MANIFEST.json", new byte[1])),
                "zip",
                Failure.Unsupported.class,
                "TorchServe");
        refused(pack("tar", Map.of("x/saved_model.pb", new byte[1])), "tar", Failure.Unsupported.class, "SavedModel");
    }

    private void refused(Path archive, String kind, Class<? extends Failure> failure, String words) {
        assertThatThrownBy(() -> open(archive, kind))
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(failure))
                .hasMessageContaining(words);
    }

    private OpenedPackage open(Path archive, String kind) {
        return new PackageOpener(SMALL).open(archive, "archive." + kind, scratch);
    }

    private Path pack(String kind, Map<String, byte[]> files) throws IOException {
        Path file = Files.createTempFile(root, "packed", "." + kind);
        if (kind.equals("zip")) {
            try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(file)) {
                for (Map.Entry<String, byte[]> entry : files.entrySet()) {
                    out.putArchiveEntry(new ZipArchiveEntry(entry.getKey()));
                    new ByteArrayInputStream(entry.getValue()).transferTo(out);
                    out.closeArchiveEntry();
                }
            }
            return file;
        }
        try (OutputStream bytes = Files.newOutputStream(file);
                OutputStream packed = kind.equals("tar.gz") ? new GZIPOutputStream(bytes) : bytes;
                TarArchiveOutputStream out = new TarArchiveOutputStream(packed)) {
            for (Map.Entry<String, byte[]> entry : files.entrySet()) {
                TarArchiveEntry header = new TarArchiveEntry(entry.getKey(), true);
                header.setName(entry.getKey());
                header.setSize(entry.getValue().length);
                out.putArchiveEntry(header);
                out.write(entry.getValue());
                out.closeArchiveEntry();
            }
        }
        return file;
    }

    private List<String> everything() throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            return tree.map(Path::toString).toList();
        }
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int i = 0; i <= bytes.length - wanted.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }
}
