package dev.slipway.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Elements;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorSpec;
import dev.slipway.testing.CountingPool;
import dev.slipway.testing.Tensors;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberRowsTest {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    private Object written(DataType type, String text) {
        TensorSpec spec = new TensorSpec("x", type, DeclaredShape.of(Dimension.of("batch"), Dimension.of(1)));
        CsvTable table = new CsvTable(List.of("a"), List.of(List.of(text)));
        NamedTensor tensor = NumberRows.tensor("data", spec, table, pool);
        try (var lease = tensor.lease()) {
            return Elements.value(lease.tensor(), 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "INT64,9007199254740993,9007199254740993",
        "UINT64,18446744073709551615,18446744073709551615",
        "UINT8,200,200",
        "BF16,1.01171875,1.015625",
        "BOOL,true,true"
    })
    void aNumberBecomesTheNearestOfItsType(DataType type, String given, String stored) {
        assertThat(written(type, given)).hasToString(stored);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INT8|200|data, row 1, a: expected a whole number in the range of INT8, got 200",
                "UINT16|-1|data, row 1, a: expected a whole number in the range of UINT16, got -1",
                "INT32|abc|data, row 1, a: expected a whole number, got the string \"abc\"",
                "FP32|1e99|data, row 1, a: expected a number in the range of FP32, got 1E+99"
            })
    void whatIsNoNumberOfTheTypeIsRefusedWithItsPlace(DataType type, String given, String message) {
        assertThatThrownBy(() -> written(type, given)).hasMessage(message);
    }

    @Test
    void unsignedScoresAreComparedAsSuch() {
        try (var scores = Tensors.raw(
                        pool, "y", DataType.UINT8, Shape.of(2, 2), (byte) 200, (byte) 3, (byte) 1, (byte) 255)
                .lease()) {
            assertThat(NumberRows.largest("data", new NamedTensor("y", scores)))
                    .containsExactly(OptionalInt.of(0), OptionalInt.of(1));
        }
    }

    @Test
    void nanIsNeverTheLargestScore() {
        float nan = Float.NaN;
        try (var scores = Tensors.floats(pool, "y", Shape.of(3, 3), nan, 1, 2, nan, nan, nan, 5, nan, 5)
                .lease()) {
            assertThat(NumberRows.largest("data", new NamedTensor("y", scores)))
                    .containsExactly(OptionalInt.of(2), OptionalInt.empty(), OptionalInt.of(0));
        }
    }

    @Test
    void aScalarIsNoRowOfScores() {
        try (var scalar = Tensors.floats(pool, "y", Shape.SCALAR, 1).lease()) {
            assertThatThrownBy(() -> NumberRows.largest("data", new NamedTensor("y", scalar)))
                    .hasMessage("data: rows of scores are needed, output 'y' is FP32[]");
        }
    }
}
