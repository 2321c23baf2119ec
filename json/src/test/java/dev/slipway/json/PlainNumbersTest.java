package dev.slipway.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.DataType;
import dev.slipway.core.Elements;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorLease;
import dev.slipway.testing.CountingPool;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Long arrays, most of which is read in runs of plain numbers. */
class PlainNumbersTest {

    private static final int LENGTH = 200;

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    private TensorLease read(List<String> numbers, String separator, DataType type) {
        JsonReader json = JsonReaderTest.reader("[" + String.join(separator, numbers) + "]");
        TensorLease lease = json.tensor("input 'x'", type, Shape.of(numbers.size()), pool);
        json.end();
        return lease;
    }

    private void agreesWithTheJdk(List<String> numbers, String separator) {
        try (TensorLease floats = read(numbers, separator, DataType.FP32);
                TensorLease doubles = read(numbers, separator, DataType.FP64)) {
            for (int i = 0; i < numbers.size(); i++) {
                float single = (float) Elements.get(floats.tensor(), i);
                double value = Elements.get(doubles.tensor(), i);
                String number = numbers.get(i);
                if (Float.floatToRawIntBits(single) != Float.floatToRawIntBits(Float.parseFloat(number))
                        || Double.doubleToRawLongBits(value)
                                != Double.doubleToRawLongBits(Double.parseDouble(number))) {
                    throw new AssertionError(number + " was read as " + value + " and " + single);
                }
            }
        }
    }

    private static List<String> random(Random random) {
        return Stream.generate(() -> RandomNumbers.next(random))
                .filter(number -> Float.isFinite(Float.parseFloat(number)))
                .limit(LENGTH)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ", ", " ,\n\t"})
    void readsRandomArraysAsTheJdkDoes(String separator) {
        Random random = new Random(3);
        for (int i = 0; i < 100; i++) {
            agreesWithTheJdk(random(random), separator);
        }
    }

    @Test
    @Tag("long")
    void readsMillionsOfNumbersAsTheJdkDoes() {
        Random random = new Random(4);
        for (int i = 0; i < 10_000_000 / LENGTH; i++) {
            agreesWithTheJdk(random(random), ",");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "-0.0",
                "1.5",
                "-1.5",
                "0.12345678",
                "0.123456789",
                "0.1234567890123456",
                "0.12345678901234567",
                "0.123456789012345678",
                "0.1234567890123456789",
                "0.000000000000000001",
                "0.0000000000000000001",
                "12345678",
                "123456789",
                "123456789012345678",
                "1234567890123456789",
                "12345678.12345678",
                "1234567890.123456789",
                "18446744073709551616",
                "1844674407370955161.6",
                "123456789.123456789",
                "9007199254740993.5",
                "16777217",
                "16777219",
                "1.00000017881393432617187499",
                "1e5",
                "1.5E-5",
                "1.17549435e-38"
            })
    void readsANumberAmongOthersAsTheJdkDoes(String number) {
        agreesWithTheJdk(around(number), ",");
    }

    private static List<String> around(String number) {
        return IntStream.range(0, LENGTH)
                .mapToObj(i -> i == 50 ? number : Integer.toString(i % 100))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(names = {"UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64"})
    void readsWholeNumbersUpToTheEndsOfTheirType(DataType type) {
        BigInteger least = BigInteger.valueOf(type.least());
        BigInteger most =
                least.signum() == 0 ? BigInteger.ONE.shiftLeft(8 * type.bytes()).subtract(BigInteger.ONE) : least.not();
        for (BigInteger number : List.of(least, most)) {
            try (TensorLease lease = read(around(number.toString()), ",", type)) {
                assertThat(Elements.value(lease.tensor(), 50).toString()).isEqualTo(number.toString());
            }
        }
        for (BigInteger number : List.of(least.subtract(BigInteger.ONE), most.add(BigInteger.ONE))) {
            assertThatThrownBy(() -> read(around(number.toString()), ",", type)).hasMessageContaining("element 50");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "-", "+1", ".5", "1.", "-.5", "01", "-01", "00", "1e", "1.e5", "1.2.3", "--1", "0x10", "1 2", "NaN"
            })
    void refusesWhatIsNoNumberAmongNumbers(String text) {
        for (DataType type : List.of(DataType.FP32, DataType.FP64, DataType.INT32)) {
            assertThatThrownBy(() -> read(around(text), ",", type)).isInstanceOf(JsonFailure.class);
        }
    }

    @Test
    void readsRowsOfNumbersInTheirPlaces() {
        String row = "[" + String.join(",", around("-7.25")) + "]";
        JsonReader json = JsonReaderTest.reader("[" + row + "," + row + "]");
        try (TensorLease lease = json.tensor("input 'x'", DataType.FP32, Shape.of(2, LENGTH), pool)) {
            assertThat(Elements.get(lease.tensor(), 50)).isEqualTo(-7.25);
            assertThat(Elements.get(lease.tensor(), LENGTH + 50)).isEqualTo(-7.25);
            assertThat(Elements.get(lease.tensor(), 2 * LENGTH - 1)).isEqualTo(99);
        }
    }

    @Test
    void refusesRowsOfDifferentLengths() {
        String row = String.join(",", around("1"));
        JsonReader json = JsonReaderTest.reader("[[" + row + "],[" + row + ",1]]");
        assertThatThrownBy(() -> json.tensor("input 'x'", DataType.FP32, pool))
                .hasMessageContaining("different lengths");
    }
}
