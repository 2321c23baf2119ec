package dev.slipway.tasks;

import static dev.slipway.tasks.Forms.BATCH;
import static dev.slipway.tasks.Forms.dim;
import static dev.slipway.tasks.Forms.faults;
import static dev.slipway.tasks.Forms.json;
import static dev.slipway.tasks.Forms.spec;
import static dev.slipway.tasks.Forms.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Failure;
import dev.slipway.core.Manifest;
import dev.slipway.core.Shape;
import dev.slipway.core.Signature;
import dev.slipway.core.Task;
import dev.slipway.core.TensorSpec;
import dev.slipway.json.Json;
import dev.slipway.testing.CountingPool;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TensorsFormTest {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    private static TaskForm form(TensorSpec... inputs) {
        return new TaskForms(List.of())
                .create(Manifest.bare(
                        "onnx",
                        "m.onnx",
                        Task.TENSORS,
                        new Signature(List.of(inputs), List.of(spec("y", DataType.FP32, BATCH, dim(2))))));
    }

    private final TaskForm form = form(spec("x", DataType.FP32, BATCH, dim(2)));

    @Test
    void readsTensorsByNameWithTheShapeOfTheirNesting() {
        assertThat(text(json(form, "{\"inputs\": {\"x\": [[1, 2], [3, 4.5]]}}", pool)))
                .isEqualTo("x FP32[2,2] [[1.0,2.0],[3.0,4.5]]");
        TaskForm several = form(
                spec("n", DataType.INT64),
                spec("h", DataType.FP16, dim(2)),
                spec("b", DataType.BF16, dim(1)),
                spec("s", DataType.BYTES, BATCH),
                new TensorSpec("o", DataType.FP32, DeclaredShape.ANY, true));
        assertThat(text(json(
                        several, "{\"inputs\":{\"s\":[\"é\"],\"n\":9007199254740993,\"h\":[0.1,-2],\"b\":[3]}}", pool)))
                .isEqualTo("s BYTES[1] [\"é\"]; n INT64[] 9007199254740993; h FP16[2] [0.099975586,-2.0]; b BF16[1]"
                        + " [3.0]");
    }

    @Test
    void readsJavaValues() {
        assertThat(text(form.decode(Map.of("x", new float[][] {{1, 2}}), pool))).isEqualTo("x FP32[1,2] [[1.0,2.0]]");
        assertThat(text(form.decode(Map.of("inputs", Map.of("x", List.of(List.of(1, 2.5)))), pool)))
                .isEqualTo("x FP32[1,2] [[1.0,2.5]]");
    }

    @Test
    void namesEveryFault() {
        TaskForm two = form(spec("x", DataType.FP32, BATCH, dim(2)), spec("mask", DataType.BOOL, BATCH));
        assertThat(faults(() -> json(two, "{\"inputs\":{\"x\":[[1,2,3]],\"maks\":[true]},\"outputs\":[\"y\"]}", pool)))
                .containsExactly(
                        "inputs.x: expected shape [batch,2], got shape [1,3]",
                        "inputs.maks: expected one of x, mask (did you mean 'mask'?), got 'maks'",
                        "inputs.mask: required, got nothing",
                        "outputs: expected one of inputs, got 'outputs'");
        assertThat(faults(() -> json(form, "{}", pool))).containsExactly("inputs: required, got nothing");
        assertThat(faults(() -> json(form, "[1]", pool)))
                .containsExactly("body: expected an object {\"inputs\": {...}}, got a list");
        assertThat(faults(() -> json(form, "{\"inputs\":{\"x\":[[1,\"2\"]]}}", pool)))
                .containsExactly("inputs.x[1]: expected a number, got the string \"2\"");
        assertThat(faults(() -> json(form, "{\"inputs\":{\"x\":[[1,2],[3]]}}", pool)))
                .containsExactly("inputs.x: expected arrays of one depth as long as each other, got different lengths");
    }

    @Test
    void tellsWhatCannotBeParsedFromWhatDoesNotFit() {
        assertThat(Forms.refused(() -> json(form, "{\"inputs\":{\"x\":[[1,2]]}", pool))
                        .malformed())
                .isTrue();
        assertThat(Forms.refused(() -> json(form, "{\"inputs\":{\"x\":[[1,2]]}} x", pool))
                        .malformed())
                .isTrue();
        assertThatThrownBy(() -> Forms.decode(form, "text/csv", "1,2", pool))
                .hasMessage("content type 'text/csv' is not taken by tensors; send application/json")
                .extracting("failure")
                .isInstanceOf(Failure.Unsupported.class);
    }

    @Test
    void givesTheModelsTensorsByName() {
        assertThat(Forms.answer(form, 1, false, Map.of(), Forms.floats("y", pool, Shape.of(1, 2), 0.25, 0.75)))
                .isEqualTo("{\"outputs\":{\"y\":[[0.25,0.75]]}}");
    }

    @Test
    void showsAnExampleThatSucceeds() {
        TaskForm form = form(
                spec("x", DataType.FP32, BATCH, dim(2)), spec("s", DataType.BYTES), spec("e", DataType.INT8, dim(0)));
        assertThat(text(json(form, Json.write(form.example()), pool)))
                .isEqualTo("x FP32[1,2] [[0.5,0.5]]; s BYTES[] \"a\"; e INT8[0] []");
        assertThat(Json.write(form.requestSchema())).contains("\"required\":[\"x\",\"s\",\"e\"]");
        assertThat(form.takes("application/json")).isTrue();
        assertThat(form.takes("text/csv")).isFalse();
    }

    @Test
    void takesNoSteps() {
        Manifest manifest = Forms.manifest(
                Task.TENSORS,
                List.of(),
                List.of(),
                new Signature(List.of(), List.of()),
                Map.of("a", new Manifest.Input("x", List.of())),
                Map.of());
        assertThatThrownBy(() -> new TaskForms(List.of()).create(manifest)).hasMessageContaining("task tensors");
    }
}
