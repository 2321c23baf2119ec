package dev.slipway.graph;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipway.core.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class OnnxReaderFuzzTest {

    @TempDir
    static Path folder;

    @FuzzTest
    void onlyFailuresComeOut(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("fuzzed.onnx"), content);
        OnnxReader.looksLikeOnnx(file);
        try {
            new OnnxReader().inspect(file);
        } catch (FailureException e) {
            e.failure();
        }
    }
}
