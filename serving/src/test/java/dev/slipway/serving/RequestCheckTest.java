package dev.slipway.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.Signature;
import dev.slipway.core.TensorSpec;
import dev.slipway.testing.CountingPool;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RequestCheckTest {

    private static final ModelName SIMPLE = ModelName.of("simple");

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    private final RequestCheck check = new RequestCheck(
            SIMPLE,
            new Signature(
                    List.of(
                            new TensorSpec(
                                    "a", DataType.INT32, DeclaredShape.of(Dimension.of("batch"), Dimension.of(2))),
                            new TensorSpec("b", DataType.FP32, DeclaredShape.ANY),
                            new TensorSpec("w", DataType.FP32, DeclaredShape.of(1), true)),
                    List.of(
                            new TensorSpec("y", DataType.FP32, DeclaredShape.ANY),
                            new TensorSpec("z", DataType.FP32, DeclaredShape.ANY))));

    private NamedTensor tensor(String name, DataType type, long... dims) {
        return new NamedTensor(name, pool.allocate(type, Shape.of(dims)));
    }

    private static InferenceRequest request(List<String> outputs, NamedTensor... inputs) {
        return new InferenceRequest(
                ModelRef.of(SIMPLE), "1", List.of(inputs), outputs, null, Map.of(), null, new Cancellation());
    }

    private void refused(String message, NamedTensor... inputs) {
        try (InferenceRequest request = request(List.of(), inputs)) {
            assertThatThrownBy(() -> check.inputs(request))
                    .isInstanceOfSatisfying(
                            FailureException.class,
                            e -> assertThat(e.failure()).isEqualTo(Failure.BadInput.of(message)));
        }
    }

    @Test
    void inputsComeInTheOrderOfTheSignatureAndOptionalOnesMayBeMissing() {
        try (InferenceRequest request =
                request(List.of(), tensor("b", DataType.FP32), tensor("a", DataType.INT32, 0, 2))) {
            assertThat(check.inputs(request)).extracting(NamedTensor::name).containsExactly("a", "b");
        }
    }

    @Test
    void anUnknownInputIsNamedBesideThoseThatAre() {
        refused(
                "unexpected inference input 'x' for model 'simple', it takes 'a', 'b', 'w'",
                tensor("x", DataType.FP32, 1));
    }

    @Test
    void aDuplicateIsNamed() {
        refused(
                "input 'b' is given twice for model 'simple'",
                tensor("b", DataType.FP32, 1),
                tensor("b", DataType.FP32, 1));
    }

    @Test
    void aMissingInputIsNamed() {
        refused(
                "expected 2 inputs but got 1 inputs for model 'simple'. Got input(s) ['b'], but missing required"
                        + " input(s) ['a']. Please provide all required input(s).",
                tensor("b", DataType.FP32, 1));
    }

    @Test
    void aTypeThatDiffersIsSaidBesideTheOneExpected() {
        refused(
                "inference input 'a' data-type is 'FP32', but model 'simple' expects 'INT32'",
                tensor("a", DataType.FP32, 1, 2));
    }

    @Test
    void aShapeThatDoesNotFitIsSaidBesideTheOneExpected() {
        refused(
                "unexpected shape for input 'a' for model 'simple'. Expected [-1,2], got [1,3]",
                tensor("a", DataType.INT32, 1, 3));
        refused(
                "unexpected shape for input 'a' for model 'simple'. Expected [-1,2], got [2]",
                tensor("a", DataType.INT32, 2));
    }

    @Test
    void sizesOfOneNameThatDifferAreSaidWithTheirInputs() {
        try (InferenceRequest request = request(
                List.of(), tensor("ids", DataType.INT64, 2, 7, 3, 4), tensor("mask", DataType.INT64, 3, 7, 5, 6))) {
            assertThatThrownBy(() -> named().inputs(request))
                    .hasMessage("inputs 'ids' and 'mask' must have the same batch, 2 and 3 given for model 'simple'");
        }
        try (InferenceRequest request = request(List.of(), tensor("ids", DataType.INT64, 2, 7, 3, 4))) {
            assertThat(named().inputs(request)).hasSize(1);
        }
    }

    @Test
    void namesThatOnlyFillAGapMayHaveAnySize() {
        try (InferenceRequest request = request(
                List.of(), tensor("ids", DataType.INT64, 2, 7, 3, 4), tensor("mask", DataType.INT64, 2, 8, 5, 6))) {
            assertThat(named().inputs(request)).hasSize(2);
        }
    }

    private static RequestCheck named() {
        List<TensorSpec> inputs = List.of(
                new TensorSpec("ids", DataType.INT64, shape("batch", "?", "None", "None")),
                new TensorSpec("mask", DataType.INT64, shape("batch", "?", "None", ""), true));
        return new RequestCheck(SIMPLE, new Signature(inputs, List.of()));
    }

    private static DeclaredShape shape(String... names) {
        return new DeclaredShape(true, Stream.of(names).map(Dimension::of).toList());
    }

    @Test
    void outputsAreAllOrThoseAskedForInThatOrder() {
        assertThat(check.outputs(request(List.of()))).containsExactly("y", "z");
        assertThat(check.outputs(request(List.of("z", "y")))).containsExactly("z", "y");
        assertThatThrownBy(() -> check.outputs(request(List.of("q"))))
                .hasMessage("unexpected inference output 'q' for model 'simple', it gives 'y', 'z'");
        assertThatThrownBy(() -> check.outputs(request(List.of("y", "y"))))
                .hasMessage("output 'y' is asked for twice of model 'simple'");
    }
}
