package dev.slipway.packages;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipway.core.FailureException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

class PackagesFuzzTest {

    private static final PackageOpener OPENER = new PackageOpener(new PackageOpener.Limits(100, 1 << 20, 200));

    @TempDir
    static Path folder;

    @FuzzTest(maxDuration = "20s")
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

    @FuzzTest(maxDuration = "20s")
    void onlyFailuresComeOutOfModelYaml(byte[] content) throws IOException {
        Path model = folder.resolve("package");
        Files.createDirectories(model);
        Samples.scores().write(model.resolve("m.onnx"));
        Files.write(model.resolve("model.yaml"), content);
        try {
            OPENER.open(model, "package", folder);
        } catch (FailureException e) {
            e.failure();
        }
    }

    @FuzzTest(maxDuration = "20s")
    void onlyFailuresComeOutOfManifests(byte[] content) {
        try {
            Manifests.read(new String(content, StandardCharsets.UTF_8));
        } catch (FailureException e) {
            e.failure();
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
