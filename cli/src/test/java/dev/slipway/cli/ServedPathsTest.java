package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedPathsTest {

    private static final Path IRIS = Path.of("../examples/iris/iris.onnx");

    @TempDir
    private Path folder;

    private void file(String path) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        boolean model = path.toLowerCase(Locale.ROOT).endsWith(".onnx");
        Files.write(file, model ? Files.readAllBytes(IRIS) : new byte[0]);
    }

    @Test
    void aFileIsServedItself() throws IOException {
        file("a.onnx");
        assertThat(ServedPaths.of(folder.resolve("a.onnx"))).containsExactly(folder.resolve("a.onnx"));
    }

    @Test
    void aFolderWithAManifestIsAPackageWhateverElseIsInIt() throws IOException {
        file("model.yaml");
        file("a.onnx");
        file("b.onnx");
        assertThat(ServedPaths.of(folder)).containsExactly(folder);
    }

    @Test
    void aFolderWithOneModelIsAPackage() throws IOException {
        file("a.onnx");
        file("labels.txt");
        assertThat(ServedPaths.of(folder)).containsExactly(folder);
    }

    @Test
    void aFolderOfNumberedVersionsIsOneModel() throws IOException {
        file("1/model.onnx");
        file("2/model.onnx");
        assertThat(ServedPaths.of(folder)).containsExactly(folder);
    }

    @Test
    void aModelIsKnownByItsContent() throws IOException {
        file("model.yml");
        file("a.onnx");
        Files.move(folder.resolve("a.onnx"), folder.resolve("model.bin"));
        Files.writeString(folder.resolve("notes.onnx"), "no model");
        assertThat(ServedPaths.of(folder)).containsExactly(folder);
        Files.copy(folder.resolve("model.bin"), folder.resolve("b"));
        assertThat(ServedPaths.of(folder)).containsExactly(folder.resolve("b"), folder.resolve("model.bin"));
    }

    @Test
    void aFolderOfPackagesServesEach() throws IOException {
        file("iris/model.yaml");
        file("digits/digits.onnx");
        file("notes/readme.txt");
        file(".hidden/model.yaml");
        file("LICENSE.txt");
        assertThat(ServedPaths.of(folder)).containsExactly(folder.resolve("digits"), folder.resolve("iris"));
    }

    @Test
    void aFolderOfSeveralModelFilesServesEach() throws IOException {
        file("a.onnx");
        file("b.ONNX");
        assertThat(ServedPaths.of(folder)).containsExactly(folder.resolve("a.onnx"), folder.resolve("b.ONNX"));
    }

    @Test
    void aFolderWithoutModelsSaysWhatAModelIs() throws IOException {
        file("readme.txt");
        assertThatThrownBy(() -> ServedPaths.of(folder))
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        failure -> assertThat(failure.remedy()).contains("model.yaml"))
                .hasMessage("there is no model in " + folder);
    }
}
