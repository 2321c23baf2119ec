package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLibraryTest {

    @TempDir
    Path home;

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void theLibraryIsUnpackedOnceAndTheDriverIsToldWhere() throws IOException {
        new SqliteLibrary(home).offer();
        Path library = files().getFirst();
        FileTime written = Files.getLastModifiedTime(library);

        new SqliteLibrary(home).offer();
        assertThat(files()).containsExactly(library);
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(written);
        assertThat(Path.of(System.getProperty("org.sqlite.lib.path"), System.getProperty("org.sqlite.lib.name")))
                .isEqualTo(library);
    }

    @Test
    void whereItCannotBeUnpackedTheDriverFindsItsOwn() throws IOException {
        Files.createFile(home.resolve("native"));
        new SqliteLibrary(home).offer();
        assertThat(files()).containsExactly(home.resolve("native"));
    }
}
