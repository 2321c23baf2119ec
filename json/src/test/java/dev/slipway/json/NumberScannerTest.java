package dev.slipway.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberScannerTest {

    private static final Arena ARENA = Arena.ofAuto();
    private final MemorySegment memory = ARENA.allocate(4096);

    private NumberScanner scan(String number) {
        byte[] bytes = number.getBytes(StandardCharsets.US_ASCII);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        NumberScanner scanner = new NumberScanner(memory.asSlice(0, bytes.length));
        assertThat(scanner.scan(0)).isEqualTo(bytes.length);
        return scanner;
    }

    private void agreesWithTheJdk(String number) {
        NumberScanner scanner = scan(number);
        if (Double.doubleToRawLongBits(scanner.doubleValue()) != Double.doubleToRawLongBits(Double.parseDouble(number))
                || Float.floatToRawIntBits(scanner.floatValue()) != Float.floatToRawIntBits(Float.parseFloat(number))) {
            throw new AssertionError(number + " was read as " + scanner.doubleValue() + " and " + scanner.floatValue());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "0.0",
                "-0.0",
                "0e0",
                "-0E+5",
                "1",
                "-1",
                "0.1",
                "5.1",
                "1e22",
                "1e23",
                "1e-22",
                "1e-23",
                "9007199254740992",
                "9007199254740993",
                "9007199254740993.0",
                "9007199254740994.5",
                "123456789.12345678",
                "0.10000000149011612",
                "0.30000001192092896",
                "16777217",
                "16777217.0000001",
                "16777219",
                "1.7976931348623157e308",
                "1.7976931348623158e308",
                "1.7976931348623159e308",
                "1e308",
                "1e309",
                "1e9999",
                "-1e9999",
                "1e-9999",
                "1e999999999999",
                "1e-999999999999",
                "0e999999999999",
                "4.9e-324",
                "2.4703282292062327e-324",
                "2.4703282292062328e-324",
                "2.47032822920623272e-324",
                "2.2250738585072011e-308",
                "2.2250738585072014e-308",
                "2.225073858507201136057409796709131975934819546351645648e-308",
                "3.4028235e38",
                "3.4028235677973366e38",
                "3.4028235677973367e38",
                "3.4028236e38",
                "1.4e-45",
                "7.0e-46",
                "7.006492321624085e-46",
                "7.0064923216240853e-46",
                "7.006492321624086e-46",
                "1.17549435e-38",
                "1.1754943508222875e-38",
                "1.17549428e-38",
                "1.00000017881393421514957253748434595763683319091796875",
                "1.00000017881393432617187499",
                "1.000000178813934326171875",
                "1.00000017881393432617187501",
                "18446744073709551615",
                "18446744073709551616",
                "99999999999999999999",
                "10000000000000000000",
                "9223372036854775807",
                "9223372036854775808",
                "6929495644600919.5",
                "3.7455744005952583e15",
                "0.00000000000000000000000000000000000000000000000000000000000000000001",
                "1000000000000000000000000000000000000000000000000000000000000000000000.5",
                "7.2057594037927933e16",
                "9214843084008499",
                "8.41e21",
                "9.33e-7",
                "1090544144181609348671888949248",
                "1.448997445238699",
                "6.631236846766476e-316",
                "3.2378839133029012895883524125015321748630094E-319"
            })
    void readsWhatTheJdkReads(String number) {
        agreesWithTheJdk(number);
    }

    @Test
    void readsRandomNumbersAsTheJdkDoes() {
        agreesOnRandomNumbers(1, 60_000);
    }

    @Test
    @Tag("long")
    void readsMillionsOfRandomNumbersAsTheJdkDoes() {
        agreesOnRandomNumbers(2, 30_000_000);
    }

    private void agreesOnRandomNumbers(long seed, int times) {
        Random random = new Random(seed);
        for (int i = 0; i < times; i++) {
            agreesWithTheJdk(RandomNumbers.next(random));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+1",
                ".5",
                "1.",
                "01",
                "-01",
                "1e",
                "1e+",
                "1.e5",
                "--1",
                "e5",
                "0x10",
                "NaN",
                "-Infinity",
                "١"
            })
    void refusesWhatIsNoNumber(String text) {
        MemorySegment segment = ARENA.allocateFrom(text, StandardCharsets.UTF_8);
        NumberScanner scanner = new NumberScanner(segment.asSlice(0, segment.byteSize() - 1));
        assertThatThrownBy(() -> {
                    if (scanner.scan(0) < segment.byteSize() - 1) {
                        throw JsonFailure.syntax(0, "stopped before the end");
                    }
                })
                .hasMessageMatching("malformed JSON at byte .*");
    }

    @Test
    void refusesANumberThatIsTooLong() {
        agreesWithTheJdk("0." + "123456789".repeat(110));
        assertThatThrownBy(() -> scan("1".repeat(1001)))
                .hasMessage("malformed JSON at byte 0: a number of 1001 characters given, at most 1000 are read");
    }

    @Test
    void keepsWholeNumbersExact() {
        assertThat(scan("9223372036854775807").longValue()).isEqualTo(Long.MAX_VALUE);
        assertThat(scan("-9223372036854775808").longValue()).isEqualTo(Long.MIN_VALUE);
        assertThat(scan("9223372036854775807").fitsLong()).isTrue();
        assertThat(scan("-9223372036854775808").fitsLong()).isTrue();
        assertThat(scan("9223372036854775808").fitsLong()).isFalse();
        assertThat(scan("-9223372036854775809").fitsLong()).isFalse();
        assertThat(scan("92233720368547758070").fitsLong()).isFalse();
        assertThat(scan("18446744073709551615").unsignedValue()).isEqualTo(-1L);
        assertThat(scan("18446744073709551615").fitsUnsigned()).isTrue();
        assertThat(scan("18446744073709551609").fitsUnsigned()).isTrue();
        assertThat(scan("18446744073709551616").fitsUnsigned()).isFalse();
        assertThat(scan("99999999999999999999").fitsUnsigned()).isFalse();
        assertThat(scan("184467440737095516150").fitsUnsigned()).isFalse();
        assertThat(scan("-1").fitsUnsigned()).isFalse();
        assertThat(scan("-0").fitsUnsigned()).isTrue();
        assertThat(scan("1.0").fitsLong()).isFalse();
        assertThat(scan("1e3").fitsLong()).isFalse();
    }
}
