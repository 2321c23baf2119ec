package dev.slipway.tasks.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Elements;
import dev.slipway.core.Shape;
import dev.slipway.core.StepSpec;
import dev.slipway.core.TensorLease;
import dev.slipway.core.spi.Step;
import dev.slipway.json.Json;
import dev.slipway.testing.CountingPool;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumericStepsTest {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    private static Step step(String name, Object... value) {
        return new NumericSteps().create(new StepSpec(name, value.length == 0 ? Map.of() : Map.of("value", value[0])));
    }

    private String apply(Step step, DataType type, double... values) {
        Step.Flow promised = step.check(new Step.Flow(type, DeclaredShape.of(values.length)));
        try (TensorLease input = pool.allocate(type, Shape.of(values.length))) {
            for (int i = 0; i < values.length; i++) {
                Elements.set(input.tensor(), i, values[i]);
            }
            try (TensorLease output = step.apply(input, pool)) {
                assertThat(output.tensor().dataType()).isEqualTo(promised.dataType());
                assertThat(promised.shape().fits(output.tensor().shape())).isTrue();
                return output.tensor() + " " + Json.write(output.tensor());
            }
        }
    }

    @Test
    void computesWhatItSays() {
        assertThat(apply(step("softmax"), DataType.FP64, 0, Math.log(3))).isEqualTo("FP64[2] [0.25,0.75]");
        assertThat(apply(step("softmax"), DataType.FP32, 1000, 1000)).isEqualTo("FP32[2] [0.5,0.5]");
        assertThat(apply(step("sigmoid"), DataType.FP32, 0, 1000, -1000)).isEqualTo("FP32[3] [0.5,1.0,0.0]");
        assertThat(apply(step("argmax"), DataType.FP32, 1, 3, 3)).isEqualTo("INT64[] 1");
        assertThat(apply(step("top", 2L), DataType.FP32, 1, 3, 2)).isEqualTo("FP64[2,2] [[1.0,3.0],[2.0,2.0]]");
        assertThat(apply(step("top", 9L), DataType.FP32, 1, 3)).isEqualTo("FP64[2,2] [[1.0,3.0],[0.0,1.0]]");
        assertThat(apply(step("threshold", 2L), DataType.FP32, 1.9, 2)).isEqualTo("BOOL[2] [false,true]");
        assertThat(apply(step("round", 1L), DataType.FP64, 0.25, -1.26)).isEqualTo("FP64[2] [0.2,-1.3]");
        assertThat(apply(step("scale", 0.5), DataType.UINT8, 255, 1)).isEqualTo("FP32[2] [127.5,0.5]");
        assertThat(apply(step("cast", "int8"), DataType.FP32, 2.5, -3.5)).isEqualTo("INT8[2] [2,-4]");
        assertThat(apply(step("cast", "FP16"), DataType.FP32, 0.1)).isEqualTo("FP16[1] [0.099975586]");
        assertThat(apply(step("cast", "BF16"), DataType.FP32, 1.00390625, 1.01171875))
                .isEqualTo("BF16[2] [1.0,1.015625]");
        assertThat(apply(step("cast", "FP32"), DataType.FP32, 1)).isEqualTo("FP32[1] [1.0]");
        assertThat(apply(new Label(List.of("a", "b")), DataType.INT32, 1, 0)).isEqualTo("BYTES[2] [\"b\",\"a\"]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "softmax|1|step 'softmax' takes no arguments, 'value' given",
                "top|0|step 'top' value must be a whole number from 1 to 1000000, 0 given",
                "top|x|step 'top' value must be a number, x given",
                "scale||step 'scale' needs a number, as in {scale: 0.5}",
                "cast|FP33|step 'cast' needs a datatype of numbers, as in {cast: FP32}, 'FP33' given",
                "cast|BYTES|step 'cast' needs a datatype of numbers, as in {cast: FP32}, 'BYTES' given",
            })
    void refusesWrongArguments(String name, String value, String message) {
        Object argument = value != null && value.matches("[0-9]+") ? (Object) Long.valueOf(value) : value;
        assertThatThrownBy(() -> {
                    Step made = value == null ? step(name) : step(name, argument);
                    throw new AssertionError("made " + made);
                })
                .hasMessage(message);
    }

    @Test
    void namesTheArgumentThatWasMeant() {
        assertThatThrownBy(() -> new NumericSteps().create(new StepSpec("label", Map.of("lables", List.of()))))
                .hasMessage("step 'label' takes only labels, 'lables' given, did you mean 'labels'?");
    }

    @Test
    void refusesWhatItCannotFollow() {
        Step.Flow text = new Step.Flow(DataType.BYTES, DeclaredShape.of(1));
        Step.Flow square = new Step.Flow(DataType.FP32, DeclaredShape.of(2, 2));
        Step.Flow scalar = new Step.Flow(DataType.FP32, DeclaredShape.of(new long[0]));
        for (String name : List.of("softmax", "sigmoid", "argmax", "top", "threshold", "round")) {
            assertThatThrownBy(() -> step(name).check(text)).hasMessageContaining("numbers, BYTES[1] given");
        }
        assertThatThrownBy(() -> step("argmax").check(square)).hasMessageContaining("one row");
        assertThatThrownBy(() -> step("softmax").check(scalar)).hasMessageContaining("rows of numbers");
        assertThatThrownBy(() -> new Label(List.of("a")).check(square)).hasMessageContaining("label takes positions");
        assertThatThrownBy(() -> apply(new Label(List.of("a")), DataType.INT64, 7))
                .hasMessageContaining("class 7");
    }
}
