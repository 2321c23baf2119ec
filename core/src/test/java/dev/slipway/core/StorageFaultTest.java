package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageFaultTest {

    private static final String WHAT = "the upload cannot be stored";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "No space left on device",
                "Disk quota exceeded",
                "There is not enough space on the disk",
                "[SQLITE_FULL] Insertion failed because database is full (database or disk is full)"
            })
    void aFullDiskIsToldFromOtherErrors(String words) {
        IOException error = new IOException(words);

        assertThat(StorageFault.of(WHAT, new UncheckedIOException(error)))
                .isEqualTo(new Failure.InsufficientStorage(
                        WHAT + ": the disk is full, nothing of it was kept; make room and repeat it"));
        assertThat(FailureException.of(new IllegalStateException(error)))
                .isInstanceOf(Failure.InsufficientStorage.class);
    }

    @Test
    void noFolderIsNamed() {
        assertThat(StorageFault.of(WHAT, new NoSuchFileException("/home/ada/x")).detail())
                .isEqualTo(WHAT + ": a file or folder of it is gone, see the server's log");
        assertThat(StorageFault.of(WHAT, new AccessDeniedException("/home/ada/x"))
                        .detail())
                .isEqualTo(WHAT + ": AccessDeniedException, see the server's log");
        assertThat(StorageFault.of(WHAT, new FileSystemException("/home/ada/x", null, "Read-only file system"))
                        .detail())
                .isEqualTo(WHAT + ": Read-only file system");
        assertThat(StorageFault.of(WHAT, new IOException("Input/output error")))
                .isEqualTo(new Failure.Internal(WHAT + ": Input/output error"));
    }
}
