package dev.slipway.packages;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipway.core.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

class ArchiveFuzzTest {

    private static final PackageOpener OPENER = new PackageOpener(new PackageOpener.Limits(100, 1 << 20, 200));

    @TempDir
    static Path folder;

    @FuzzTest
    void onlyFailuresComeOutOfFiles(byte[] content) throws IOException {
        Path scratch = Files.createTempDirectory(folder, "scratch");
        Path file = Files.write(folder.resolve("fuzzed.zip"), content);
        try {
            OPENER.open(file, "fuzzed.zip", scratch);
        } catch (FailureException e) {
            e.failure();
        } finally {
            delete(scratch);
        }
    }

    private static void delete(Path tree) throws IOException {
        List<Path> paths;
        try (Stream<Path> found = Files.walk(tree)) {
            paths = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
