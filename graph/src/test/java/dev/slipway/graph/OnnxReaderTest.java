package dev.slipway.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorSpec;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxNode;
import dev.slipway.testing.onnx.OnnxTensor;
import dev.slipway.testing.onnx.OnnxType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxReaderTest {

    private static final DeclaredShape ROWS = DeclaredShape.of(Dimension.of("batch"), Dimension.of(4));
    private static final DeclaredShape SCALAR = new DeclaredShape(true, List.of());

    @TempDir
    Path folder;

    @Test
    void readsWhatATrainedModelSaysOfItself() {
        OnnxInspection iris = new OnnxReader().inspect(Models.file("iris.onnx"));
        assertThat(iris.irVersion()).isEqualTo(7);
        assertThat(iris.producer()).isEqualTo("pytorch 1.13.0");
        assertThat(iris.opsets()).isEqualTo(Map.of("", 13L));
        assertThat(iris.signature().inputs()).containsExactly(new TensorSpec("features", DataType.FP32, ROWS));
        assertThat(iris.signature().outputs())
                .containsExactly(new TensorSpec(
                        "probabilities", DataType.FP32, DeclaredShape.of(Dimension.of("batch"), Dimension.of(3))));
        assertThat(iris.rowMixing()).isEmpty();
        assertThat(iris.classLabels()).isEmpty();
        assertThat(iris.classOutputs()).isNull();
        assertThat(iris.parameters())
                .as("4*16+16 + 16*3+3, and 8 for the normalisation")
                .isEqualTo(139);
    }

    @Test
    void aZipMapOutputIsItsValuesAndItsKeys() {
        OnnxInspection inspection = new OnnxReader().inspect(Models.file("logreg_iris.onnx"));
        assertThat(inspection.signature().outputs())
                .containsExactly(
                        new TensorSpec("label", DataType.INT64, DeclaredShape.of(3)),
                        new TensorSpec("probabilities", DataType.FP32, DeclaredShape.of(-1, 3)),
                        new TensorSpec("probabilities.keys", DataType.INT64, DeclaredShape.of(3)));
        assertThat(inspection.classLabels()).containsExactly("0", "1", "2");
        assertThat(inspection.classOutputs()).isEqualTo(new OnnxInspection.ClassOutputs("label", "probabilities"));
    }

    @Test
    void zipMapKeysComeInTheRuntimesOrder() {
        Path model = classifier(List.of("setosa", "Virginica", "apple"));
        assertThat(new OnnxReader().inspect(model).classLabels()).containsExactly("Virginica", "apple", "setosa");
    }

    @Test
    void aClassifierWithoutZipMapNamesItsClassesInTheOrderOfTheScores() {
        Path model = new OnnxModel()
                .input("x", DataType.FP32, ROWS)
                .output("class", DataType.BYTES, DeclaredShape.of(-1))
                .output("scores", DataType.FP32, DeclaredShape.of(-1, 2))
                .node(OnnxNode.of("ai.onnx.ml", "TreeEnsembleClassifier", List.of("x"), List.of("class", "raw"))
                        .withStrings("classlabels_strings", List.of("yes", "no")))
                .node("Identity", List.of("raw"), List.of("scores"))
                .write(folder.resolve("tree.onnx"));
        OnnxInspection inspection = new OnnxReader().inspect(model);
        assertThat(inspection.classLabels()).containsExactly("yes", "no");
        assertThat(inspection.classOutputs()).isEqualTo(new OnnxInspection.ClassOutputs("class", "scores"));
    }

    @Test
    void aSequenceOfTensorsIsATensorWithOneDimensionMore() {
        assertThat(new OnnxReader()
                        .inspect(Models.file("test_sequence_tensors.onnx"))
                        .signature()
                        .outputs())
                .containsExactly(new TensorSpec("output_sequence", DataType.INT64, DeclaredShape.of(-1, 2, 3)));
    }

    @Test
    void anInitialiserThatIsAnInputIsOptionalAndComesLast() {
        assertThat(new OnnxReader()
                        .inspect(Models.file("overridable_initializer.onnx"))
                        .signature()
                        .inputs())
                .extracting(TensorSpec::optional)
                .containsExactly(false, false, true);
        Path model = withInitialiser(4);
        assertThat(new OnnxReader().inspect(model).signature().inputs())
                .containsExactly(
                        new TensorSpec("x", DataType.FP32, ROWS),
                        new TensorSpec("w", DataType.FP32, DeclaredShape.of(4), true));
    }

    @Test
    void beforeIrVersionFourNoInitialiserCanBeOverridden() {
        assertThat(new OnnxReader().inspect(withInitialiser(3)).signature().inputs())
                .containsExactly(new TensorSpec("x", DataType.FP32, ROWS));
    }

    @ParameterizedTest
    @EnumSource(DataType.class)
    void everyTypeOfTheProtocolIsRead(DataType type) {
        Path model = new OnnxModel()
                .input("x", type, ROWS)
                .output("y", type, DeclaredShape.ANY)
                .node("Identity", List.of("x"), List.of("y"))
                .write(folder.resolve("type.onnx"));
        OnnxInspection inspection = new OnnxReader().inspect(model);
        assertThat(inspection.signature().inputs()).containsExactly(new TensorSpec("x", type, ROWS));
        assertThat(inspection.signature().outputs()).containsExactly(new TensorSpec("y", type, DeclaredShape.ANY));
    }

    @Test
    void scalarsZeroSizesAndNamelessDimensionsAreLegal() {
        Path model = new OnnxModel()
                .input("scalar", DataType.FP32, SCALAR)
                .input("empty", DataType.FP32, DeclaredShape.of(0, 3))
                .input("free", DataType.FP32, DeclaredShape.of(-1))
                .output("y", DataType.FP32, SCALAR)
                .node("Identity", List.of("scalar"), List.of("y"))
                .write(folder.resolve("shapes.onnx"));
        assertThat(new OnnxReader().inspect(model).signature().inputs())
                .extracting(TensorSpec::shape)
                .containsExactly(SCALAR, DeclaredShape.of(0, 3), DeclaredShape.of(-1));
    }

    @Test
    void whatNoProtocolCarriesIsRefusedByNameAndType() {
        refused(new OnnxType.SequenceType(OnnxType.tensor(DataType.FP32, ROWS)), "seq(tensor(float))");
        refused(new OnnxType.OptionalType(OnnxType.tensor(DataType.FP32, ROWS)), "optional(tensor(float))");
        refused(new OnnxType.MapType(7, OnnxType.tensor(DataType.FP32, ROWS)), "map(int64,tensor(float))");
        refused(new OnnxType.SparseType(1, ROWS), "sparse_tensor(float)");
        refused(new OnnxType.TensorType(22, ROWS), "int4");
        refused(new OnnxType.TensorType(21, ROWS), "uint4");
        refused(new OnnxType.TensorType(17, ROWS), "float8e4m3fn");
        refused(new OnnxType.TensorType(14, ROWS), "complex64");
        refused(new OnnxType.TensorType(99, ROWS), "type 99");
    }

    private void refused(OnnxType type, String word) {
        Path model = new OnnxModel()
                .input("strange", type)
                .output("y", DataType.FP32, ROWS)
                .node("Identity", List.of("strange"), List.of("y"))
                .write(folder.resolve("refused.onnx"));
        assertThatThrownBy(() -> new OnnxReader().inspect(model))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure())
                                .isInstanceOf(Failure.Unsupported.class)
                                .extracting(Failure::detail)
                                .asString()
                                .contains("refused.onnx", "input 'strange'", word));
    }

    private Path withInitialiser(long irVersion) {
        return new OnnxModel()
                .irVersion(irVersion)
                .input("w", DataType.FP32, DeclaredShape.of(4))
                .input("x", DataType.FP32, ROWS)
                .output("y", DataType.FP32, ROWS)
                .initializer("w", OnnxTensor.floats(Shape.of(4), 1, 2, 3, 4))
                .node("Add", List.of("x", "w"), List.of("y"))
                .write(folder.resolve("ir" + irVersion + ".onnx"));
    }

    private Path classifier(List<String> labels) {
        return new OnnxModel()
                .input("x", DataType.FP32, ROWS)
                .output(
                        "p",
                        new OnnxType.SequenceType(
                                new OnnxType.MapType(8, OnnxType.tensor(DataType.FP32, DeclaredShape.ANY))))
                .node(OnnxNode.of("ai.onnx.ml", "ZipMap", List.of("x"), List.of("p"))
                        .withStrings("classlabels_strings", labels))
                .write(folder.resolve("zip.onnx"));
    }
}
