package dev.slipway.packages;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipway.core.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class ModelYamlFuzzTest {

    private static final PackageOpener OPENER = new PackageOpener(new PackageOpener.Limits(100, 1 << 20, 200));

    @TempDir
    static Path folder;

    @FuzzTest
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
}
