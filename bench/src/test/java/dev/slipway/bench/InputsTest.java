package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.DataType;
import dev.slipway.core.FailureException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InputsTest {

    private static List<InputTensor> invented(
            List<Long> shape, DataType type, int batch, Map<String, List<Long>> shapes) {
        return Inputs.invented(
                List.of(Map.of("name", "x", "datatype", type.name(), "shape", shape)), batch, shapes, new Random(1));
    }

    @Test
    void theFirstOpenDimensionIsTheBatch() {
        assertThat(invented(List.of(-1L, 3L, -1L), DataType.FP32, 4, Map.of()))
                .extracting(InputTensor::shape)
                .containsExactly(List.of(4L, 3L, 1L));
    }

    @Test
    void aFixedFirstDimensionIsNoBatch() {
        assertThat(invented(List.of(1L, -1L), DataType.FP32, 4, Map.of()))
                .extracting(InputTensor::shape)
                .containsExactly(List.of(1L, 1L));
    }

    @Test
    void aGivenShapeWins() {
        assertThat(invented(List.of(-1L, -1L), DataType.INT64, 4, Map.of("x", List.of(2L, 7L))))
                .extracting(InputTensor::shape)
                .containsExactly(List.of(2L, 7L));
    }

    @ParameterizedTest
    @EnumSource(DataType.class)
    void everyDatatypeHasValuesAndBytes(DataType type) {
        InputTensor input = invented(List.of(-1L, 3L), type, 2, Map.of()).getFirst();
        assertThat(input.values()).hasSize(6);
        assertThat(input.raw()).hasSizeGreaterThanOrEqualTo(6 * Math.max(1, type.bytes()));
    }

    @Test
    void rawContentsAreLittleEndian() {
        assertThat(new InputTensor("x", DataType.INT32, List.of(2L), List.of(1, -2)).raw())
                .containsExactly(1, 0, 0, 0, -2, -1, -1, -1);
        assertThat(new InputTensor("x", DataType.BYTES, List.of(1L), List.of("ab")).raw())
                .containsExactly(2, 0, 0, 0, 'a', 'b');
        assertThat(new InputTensor("x", DataType.BOOL, List.of(2L), List.of(true, false)).raw())
                .containsExactly(1, 0);
    }

    @Test
    void aV2RequestIsReadNestedOrFlat() {
        String request = "{\"inputs\":[{\"name\":\"x\",\"shape\":[2,1],\"datatype\":\"FP64\",\"data\":[[1.5],[2]]}]}";
        InputTensor input = Inputs.of(request.getBytes(StandardCharsets.UTF_8)).getFirst();
        assertThat(input.shape()).containsExactly(2L, 1L);
        assertThat(input.values()).extracting(Object::toString).containsExactly("1.5", "2");
    }

    @Test
    void whatDoesNotFitIsTold() {
        String request = "{\"inputs\":[{\"name\":\"x\",\"shape\":[3],\"datatype\":\"FP64\",\"data\":[1]}]}";
        assertThatThrownBy(() -> Inputs.of(request.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(FailureException.class)
                .hasMessage("input 'x': shape [3] holds 3 values, 1 given");
    }
}
