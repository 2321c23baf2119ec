package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ElementsTest {

    private static Tensor tensor(DataType type, long... dims) {
        Shape shape = Shape.of(dims);
        return Tensor.of(type, shape, MemorySegment.ofArray(new byte[(int) Tensor.byteSize(type, shape)]));
    }

    private static Object written(DataType type, double value) {
        Tensor tensor = tensor(type, 2);
        Elements.set(tensor, 1, value);
        return Elements.value(tensor, 1);
    }

    @ParameterizedTest
    @EnumSource(value = DataType.class, mode = EnumSource.Mode.EXCLUDE, names = "BYTES")
    void whatIsWrittenIsRead(DataType type) {
        Tensor tensor = tensor(type, 2);
        Elements.set(tensor, 1, 1);
        assertThat(Elements.get(tensor, 0)).isZero();
        assertThat(Elements.get(tensor, 1)).isEqualTo(1);
    }

    @Test
    void numbersAreLittleEndian() {
        Tensor tensor = tensor(DataType.UINT32, 1);
        Elements.setWhole(tensor, 0, 0x8123_4567L);
        assertThat(tensor.data().toArray(ValueLayout.JAVA_BYTE)).containsExactly(0x67, 0x45, 0x23, 0x81);
        assertThat(Elements.whole(tensor, 0)).isEqualTo(0x8123_4567L);
    }

    @Test
    void fractionsAreRoundedToTheNearestTiesToEven() {
        assertThat(written(DataType.BF16, 1.00390625)).isEqualTo(1f);
        assertThat(written(DataType.BF16, 1.01171875)).isEqualTo(1.015625f);
        assertThat(written(DataType.FP16, 0.1)).isEqualTo(0.099975586f);
        assertThat(written(DataType.INT8, 2.5)).isEqualTo(2L);
    }

    @ParameterizedTest
    @CsvSource({
        "INT8,1000,127",
        "INT8,-1000,-128",
        "UINT8,-1,0",
        "UINT16,70000,65535",
        "UINT32,1e12,4294967295",
        "INT64,1e30,9223372036854775807",
        "UINT64,1e30,18446744073709551615",
        "UINT64,9223372036854775808,9223372036854775808",
        "UINT64,-3,0"
    })
    void numbersBeyondATypeBecomeItsNearest(DataType type, double given, String nearest) {
        assertThat(written(type, given)).hasToString(nearest);
    }

    @Test
    void aTypeHoldsItsOwnWholeNumbersOnly() {
        assertThat(DataType.UINT64.holds(BigInteger.TWO.pow(64).subtract(BigInteger.ONE)))
                .isTrue();
        assertThat(DataType.UINT64.holds(BigInteger.TWO.pow(64))).isFalse();
        assertThat(DataType.UINT8.holds(BigInteger.valueOf(-1))).isFalse();
        assertThat(DataType.INT8.holds(BigInteger.valueOf(-128))).isTrue();
        assertThat(DataType.INT8.holds(BigInteger.valueOf(128))).isFalse();
    }

    @Test
    void valuesNestAsTheShapeDoes() {
        Tensor tensor = tensor(DataType.BOOL, 2, 2);
        Elements.set(tensor, 3, 1);
        assertThat(Elements.nested(tensor)).isEqualTo(List.of(List.of(false, false), List.of(false, true)));
        assertThat(Elements.nested(tensor(DataType.INT64))).isEqualTo(0L);
        assertThat(Elements.nested(tensor(DataType.INT64, 2, 0))).isEqualTo(List.of(List.of(), List.of()));
    }
}
