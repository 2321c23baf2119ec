package dev.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Manifest;
import dev.slipway.core.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackageOpenerTest {

    @TempDir
    Path root;

    private Path folder;
    private Path scratch;

    @BeforeEach
    void layOut() throws IOException {
        folder = Files.createDirectories(root.resolve("iris"));
        scratch = Files.createDirectories(root.resolve("scratch"));
    }

    @Test
    void aBareModelIsTensors() {
        Path file = Samples.scores().write(folder.resolve("scores.onnx"));
        OpenedPackage opened = open(file);
        assertThat(opened.name()).isEqualTo("scores");
        OpenedPackage.Version version = only(opened);
        assertThat(version.files()).containsExactly("scores.onnx");
        assertThat(version.manifest().task()).isEqualTo(Task.TENSORS);
        assertThat(version.manifest().model()).isEqualTo("scores.onnx");
        assertThat(version.settings()).isNull();
        assertThat(version.findings())
                .extracting(OpenedPackage.Finding::level)
                .containsOnly(OpenedPackage.Finding.Level.INFO);
    }

    @Test
    void theNameItCameWithCountsNotThatOfTheUpload() {
        Path upload = Samples.scores().write(folder.resolve("upload-1.tmp"));
        OpenedPackage opened = new PackageOpener(PackageOpener.Limits.DEFAULT).open(upload, "a/ż scores.onnx", scratch);
        OpenedPackage.Version version = only(opened);
        assertThat(version.manifest().model()).isEqualTo("--scores.onnx");
        assertThat(version.folder().resolve("--scores.onnx")).hasSameBinaryContentAs(upload);
        assertThat(opened.name()).isEqualTo("scores");
    }

    @Test
    void weightsBesideTheModelBelongToIt() throws IOException {
        Path file = Samples.external().write(folder.resolve("m.onnx"));
        assertThatThrownBy(() -> open(file)).hasMessageContaining("'weights.bin' is missing");
        Files.write(folder.resolve("weights.bin"), new byte[48]);
        assertThat(only(open(file)).files()).containsExactly("m.onnx", "weights.bin");
    }

    @Test
    void aClassifierWithLabelsIsTabular() {
        Manifest manifest =
                only(open(Samples.zipMap().write(folder.resolve("m.onnx")))).manifest();
        assertThat(manifest.task()).isEqualTo(Task.TABULAR_CLASSIFICATION);
        assertThat(manifest.labels()).containsExactly("a", "b", "c");
        assertThat(manifest.outputs()).containsOnlyKeys("class");
        assertThat(manifest.outputs().get("class")).isEqualTo(new Manifest.Output("probability", List.of()));
    }

    @Test
    void aClassifierThatDoesNotTellItsColumnsTakesTensors() {
        OpenedPackage.Version version =
                only(open(Samples.zipMap(DeclaredShape.of(Dimension.of("rows"), Dimension.of("columns")))
                        .write(folder.resolve("m.onnx"))));
        assertThat(version.manifest().task()).isEqualTo(Task.TENSORS);
        assertThat(version.findings()).anyMatch(finding -> finding.text().contains("give columns in model.yaml"));
    }

    @Test
    void aFolderHasOnlyWhatBelongsToTheVersion() throws IOException {
        Samples.scores().write(folder.resolve("m.onnx"));
        Files.writeString(folder.resolve("README.md"), "read me");
        Files.writeString(folder.resolve("labels.txt"), "a\nb\nc\n");
        Files.writeString(folder.resolve("golden.jsonl"), "{}");
        Files.writeString(folder.resolve("test.csv"), "a,b");
        Files.writeString(folder.resolve("model.yaml"), """
                labels: labels.txt
                checks:
                  golden: golden.jsonl
                  accuracy: {data: test.csv, label: y, at_least: 0.9}
                """);
        OpenedPackage opened = open(folder);
        assertThat(opened.name()).isEqualTo("iris");
        assertThat(only(opened).files()).containsExactly("golden.jsonl", "labels.txt", "m.onnx", "test.csv");
        assertThat(only(opened).manifest().labels()).containsExactly("a", "b", "c");
    }

    @Test
    void severalModelsNeedAWord() throws IOException {
        Samples.scores().write(folder.resolve("a.onnx"));
        Samples.scores().write(folder.resolve("b.onnx"));
        assertThatThrownBy(() -> open(folder)).hasMessageContaining("several models, a.onnx, b.onnx");
        Files.writeString(folder.resolve("model.yaml"), "model: b.onnx");
        assertThat(only(open(folder)).manifest().model()).isEqualTo("b.onnx");
    }

    @Test
    void numberedFoldersAreVersions() throws IOException {
        Samples.scores().write(Files.createDirectories(folder.resolve("1")).resolve("model.onnx"));
        Samples.zipMap().write(Files.createDirectories(folder.resolve("12")).resolve("other.onnx"));
        Samples.external()
                .write(Files.createDirectories(folder.resolve("3/model.onnx")).resolve("model.onnx"));
        Files.write(folder.resolve("3/model.onnx/weights.bin"), new byte[48]);
        Files.createDirectories(folder.resolve("007"));
        Files.createDirectories(folder.resolve("99999999999999999999"));
        Files.writeString(folder.resolve("config.pbtxt"), "max_batch_size: 8");
        OpenedPackage opened = open(folder);
        assertThat(opened.versions()).containsOnlyKeys(1L, 3L, 12L);
        assertThat(opened.versions().get(3L).files()).containsExactly("model.onnx", "weights.bin");
        assertThat(opened.versions().get(1L).findings())
                .anyMatch(finding -> finding.level() == OpenedPackage.Finding.Level.WARNING
                        && finding.text().contains("config.pbtxt is not read yet"))
                .anyMatch(finding -> finding.text().contains("folder '007' is no version"));
    }

    @ParameterizedTest
    @CsvSource({
        "80049510000000, model.pkl, Python pickle",
        "894844460d0a1a0a00, model.h5, HDF5",
        "1c00000054464c3300, model.tflite, TensorFlow Lite",
        "200000004f52544d00, model.ort, .ort",
        "47475546030000, llm.gguf, GGUF",
        "10000000000000007b2261223a7b7d7d, w.safetensors, safetensors",
        "7b226c6561726e6572223a7b7d7d, xgb.json, XGBoost",
        "7b4c0000000000000007, xgb.ubj, XGBoost",
        "747265650a76657273696f6e3d7634, m.txt, LightGBM",
        "43424d310000, m.cbm, CatBoost",
        "3c504d4d4c2076657273696f6e3d22342e34223e, m.pmml, PMML",
        "934e554d505901, x.npy, NumPy",
        "377abcaf271c0004, m.7z, zip",
        "1f8b08000000000000ff, m.onnx.gz, is broken",
    })
    void otherFormatsAreRefusedByName(String hex, String name, String word) throws IOException {
        Path file = Files.write(folder.resolve(name), HexFormat.of().parseHex(hex));
        assertThatThrownBy(() -> open(file))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure()).isInstanceOfAny(Failure.Unsupported.class, Failure.BadInput.class))
                .hasMessageContaining(name)
                .hasMessageContaining(word);
    }

    @Test
    void foldersOfOtherSystemsAreRefusedByName() throws IOException {
        Files.write(folder.resolve("saved_model.pb"), new byte[] {8, 1, 18, 0});
        assertThatThrownBy(() -> open(folder))
                .hasMessageContaining("TensorFlow SavedModel")
                .hasMessageContaining("tf2onnx");
    }

    @Test
    void whatIsNoModelIsBadInput() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "hello");
        badInput(text, "'notes.txt' is no model");
        badInput(Files.write(folder.resolve("empty.onnx"), new byte[0]), "empty");
        badInput(Files.writeString(folder.resolve("junk.onnx"), "junk"), "junk.onnx");
        badInput(Files.createDirectories(root.resolve("nothing")), "it is empty");
        badInput(root.resolve("absent"), "no file or folder");
    }

    @ParameterizedTest
    @CsvSource({
        "ffd8ffe000104a464946, cat.jpg, a JPEG image and no model",
        "ffd8ffe000104a464946, cat.onnx, a JPEG image and no model",
        "89504e470d0a1a0a, cat.png, a PNG image",
        "255044462d312e37, paper.pdf, a PDF document",
        "3c21444f43545950452068746d6c3e, model.onnx, a web page",
        "76657273696f6e2068747470733a2f2f6769742d6c66732e6769746875622e636f6d2f737065632f7631, m.onnx, git lfs pull",
    })
    void whatIsNoModelIsCalledByItsName(String hex, String name, String word) throws IOException {
        badInput(Files.write(folder.resolve(name), HexFormat.of().parseHex(hex)), word);
    }

    @Test
    void linksInAFolderAreNotFollowed() throws IOException {
        Path secret = Samples.scores().write(root.resolve("secret.onnx"));
        Files.createSymbolicLink(folder.resolve("m.onnx"), secret);
        Files.writeString(folder.resolve("model.yaml"), "model: m.onnx");
        assertThatThrownBy(() -> open(folder)).hasMessageContaining("not a link");
    }

    private void badInput(Path path, String words) {
        assertThatThrownBy(() -> open(path))
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.BadInput.class))
                .hasMessageContaining(words);
    }

    private OpenedPackage open(Path path) {
        return new PackageOpener(PackageOpener.Limits.DEFAULT).open(path, String.valueOf(path.getFileName()), scratch);
    }

    private static OpenedPackage.Version only(OpenedPackage opened) {
        assertThat(opened.versions()).containsOnlyKeys(0L);
        return opened.versions().get(0L);
    }
}
