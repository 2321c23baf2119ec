package dev.slipway.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Shape;
import dev.slipway.packages.OpenedPackage;
import dev.slipway.packages.OpenedPackage.Finding;
import dev.slipway.packages.PackageOpener;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers are told of, when a version takes the place of another. */
class ReplacementTest {

    @TempDir
    private Path folder;

    /** A version that takes rows of {@code width} numbers. */
    private OpenedPackage.Version version(String name, int width, String batch, String yaml) throws IOException {
        Path source = Files.createDirectories(folder.resolve(name));
        DeclaredShape rows = DeclaredShape.of(Dimension.of(batch), Dimension.of(width));
        Files.write(
                source.resolve("m.onnx"),
                new OnnxModel()
                        .input("x", DataType.FP32, rows)
                        .output("y", DataType.FP32, rows)
                        .initializer("one", OnnxTensor.floats(Shape.SCALAR, 1))
                        .node("Mul", List.of("x", "one"), List.of("y"))
                        .toBytes());
        Files.writeString(source.resolve("model.yaml"), yaml);
        return new PackageOpener(PackageOpener.Limits.DEFAULT)
                .open(source, name, folder.resolve("scratch"))
                .versions()
                .firstEntry()
                .getValue();
    }

    private static List<String> warnings(OpenedPackage.Version before, OpenedPackage.Version after) {
        List<Finding> warnings = Replacement.warnings(3, before.manifest(), after.manifest());
        assertThat(warnings).allMatch(finding -> finding.level() == Finding.Level.WARNING);
        return warnings.stream().map(Finding::text).toList();
    }

    @Test
    void whatTakesAndGivesTheSameIsNotWorthAWord() throws IOException {
        assertThat(warnings(version("a", 2, "n", ""), version("b", 2, "batch", "")))
                .isEmpty();
    }

    @Test
    void anotherTaskIsAnotherForm() throws IOException {
        OpenedPackage.Version table = version("a", 2, "n", "task: tabular-classification\nlabels: [no, yes]");
        assertThat(warnings(table, version("b", 2, "n", "")))
                .containsExactly("what /predict takes changes: version 3 is tabular-classification, this one tensors;"
                        + " a package with a model.yaml keeps it");
    }

    @Test
    void otherColumnsAreNamed() throws IOException {
        String table = "task: tabular-classification\nlabels: [no, yes]\n";
        assertThat(warnings(version("a", 2, "n", table + "columns: [h, w]"), version("b", 2, "n", table)))
                .containsExactly("columns change: version 3 is h, w, this one none");
    }

    @Test
    void otherTensorsAreNamed() throws IOException {
        assertThat(warnings(version("a", 2, "n", ""), version("b", 3, "n", "")))
                .containsExactly(
                        "inputs change: version 3 is x FP32[-1, 2], this one x FP32[-1, 3]",
                        "outputs change: version 3 is y FP32[-1, 2], this one y FP32[-1, 3]");
    }
}
