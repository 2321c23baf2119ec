package dev.slipway.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExternalFilesTest {

    private static final DeclaredShape FOUR = DeclaredShape.of(4);

    @TempDir
    Path outside;

    private Path folder;

    @BeforeEach
    void layOut() throws IOException {
        folder = Files.createDirectories(outside.resolve("model"));
        Files.write(outside.resolve("secret.bin"), new byte[16]);
    }

    @Test
    void weightFilesBesideAndBelowAreListed() throws IOException {
        Files.write(folder.resolve("weights.bin"), new byte[16]);
        assertThat(new OnnxReader().inspect(model("weights.bin")).externalFiles())
                .containsExactly("weights.bin");
        Files.createDirectories(folder.resolve("parts"));
        Files.write(folder.resolve("parts/one.bin"), new byte[16]);
        assertThat(new OnnxReader().inspect(model("./parts/one.bin")).externalFiles())
                .containsExactly("parts/one.bin");
    }

    @ParameterizedTest
    @CsvSource({
        "../secret.bin, '..'",
        "parts/../../secret.bin, '..'",
        "/etc/passwd, must be relative",
        "C:weights.bin, must be relative",
        "..\\secret.bin, must be relative",
        "absent.bin, is missing",
        "., folder itself",
        "'', has no location",
    })
    void placesOutsideAreRefused(String location, String why) {
        assertThatThrownBy(() -> new OnnxReader().inspect(model(location)))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("tensor 'w'")
                .hasMessageContaining(why);
    }

    @Test
    void linksAreRefused() throws IOException {
        Files.createSymbolicLink(folder.resolve("link.bin"), outside.resolve("secret.bin"));
        assertThatThrownBy(() -> new OnnxReader().inspect(model("link.bin"))).hasMessageContaining("symbolic link");
        Files.createSymbolicLink(folder.resolve("way"), outside);
        assertThatThrownBy(() -> new OnnxReader().inspect(model("way/secret.bin")))
                .hasMessageContaining("symbolic link");
    }

    @Test
    void aFileThatIsTooShortIsRefused() throws IOException {
        Files.write(folder.resolve("short.bin"), new byte[15]);
        assertThatThrownBy(() -> new OnnxReader().inspect(model("short.bin")))
                .hasMessageContaining("has 15 bytes, 16 from offset 0 are needed");
    }

    @Test
    void offsetAndLengthMustLieInTheFile() throws IOException {
        Files.write(folder.resolve("w.bin"), new byte[16]);
        ExternalFiles files = new ExternalFiles(folder);
        assertThat(files.checked(List.of(tensor(8, 8)))).containsExactly("w.bin");
        assertThatThrownBy(() -> files.checked(List.of(tensor(8, 9)))).hasMessageContaining("from offset 8");
        assertThatThrownBy(() -> files.checked(List.of(tensor(17, 0)))).hasMessageContaining("from offset 17");
        assertThatThrownBy(() -> files.checked(List.of(tensor(8, Long.MAX_VALUE))))
                .isInstanceOf(FailureException.class);
    }

    private static dev.slipway.graph.OnnxTensor tensor(long offset, long length) {
        return new dev.slipway.graph.OnnxTensor(
                "w",
                1,
                List.of(2L),
                List.of(),
                List.of(),
                new dev.slipway.graph.OnnxTensor.External("w.bin", offset, length));
    }

    private Path model(String location) {
        return new OnnxModel()
                .input("x", DataType.FP32, FOUR)
                .output("y", DataType.FP32, FOUR)
                .externalInitializer("w", OnnxTensor.floats(Shape.of(4), 1, 2, 3, 4), location)
                .node("Add", List.of("x", "w"), List.of("y"))
                .write(folder.resolve("model.onnx"));
    }
}
