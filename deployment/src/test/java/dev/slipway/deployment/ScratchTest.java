package dev.slipway.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {

    @TempDir
    Path home;

    @Test
    void aFolderIsThereWhileItIsWorkedWith() throws IOException {
        Scratch scratch = new Scratch(home.resolve("scratch"));
        Path folder = scratch.with(own -> {
            Files.createDirectories(own.resolve("a/b"));
            return own;
        });

        assertThat(folder).hasParentRaw(home.resolve("scratch")).doesNotExist();
        assertThatThrownBy(() -> scratch.with(_ -> {
                    throw new IOException("work");
                }))
                .hasMessage("work");
        assertThat(home.resolve("scratch")).isEmptyDirectory();
    }

    @Test
    void whatCannotBeClearedAwayIsNoFailure() {
        Scratch.discard("a folder", () -> {
            throw new IOException("busy");
        });
        Scratch.discard(home.resolve("never was"));
    }
}
