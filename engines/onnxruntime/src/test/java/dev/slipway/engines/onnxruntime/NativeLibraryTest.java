package dev.slipway.engines.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {

    private static final NativePlatform HERE =
            NativePlatform.of(System.getProperty("os.name"), System.getProperty("os.arch"));

    @TempDir
    Path cache;

    private Path unpacked() throws IOException {
        return new NativeLibrary(HERE, cache).unpacked();
    }

    private void isWhole(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            assertThat(Sha256.hex(bytes)).isEqualTo(new NativeLibrary(HERE, cache).digest());
        }
    }

    @Test
    void theLibraryIsUnpackedOnce() throws IOException {
        Path file = unpacked();
        isWhole(file);
        FileTime written = Files.getLastModifiedTime(file);
        assertThat(unpacked()).isEqualTo(file);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(written);
    }

    @Test
    void aLibraryThatWasWrittenToIsReplaced() throws IOException {
        Path file = unpacked();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 1000);
        }
        isWhole(unpacked());
    }

    @Test
    void aLibraryOfAnotherFolderIsNotTakenForTheOneThatWasChecked() throws IOException {
        Path file = unpacked();
        Path other = Files.write(file.resolveSibling("other"), new byte[(int) Files.size(file)]);
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        isWhole(unpacked());
    }

    @Test
    void aFolderThatTakesNoNoteServesAllTheSame() throws IOException {
        Path file = unpacked();
        Path checked = file.resolveSibling("checked");
        Files.delete(checked);
        Files.createDirectory(checked);
        assertThat(unpacked()).isEqualTo(file);
    }
}
