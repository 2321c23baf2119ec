package dev.slipway.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.slipway.core.DataType;
import dev.slipway.core.Shape;
import dev.slipway.core.SlabPool;
import dev.slipway.core.TensorLease;
import dev.slipway.testing.CountingPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TensorDecoderTest {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    private String known(String text, DataType type, long... shape) {
        JsonReader reader = JsonReaderTest.reader(text);
        try (TensorLease lease = reader.tensor("input 'x'", type, Shape.of(shape), pool)) {
            reader.end();
            return new JsonWriter().flat(lease.tensor()).toString();
        }
    }

    private String inferred(String text, DataType type) {
        JsonReader reader = JsonReaderTest.reader(text);
        try (TensorLease lease = reader.tensor("input 'x'", type, pool)) {
            reader.end();
            return lease.tensor().shape() + " " + new JsonWriter().nested(lease.tensor());
        }
    }

    @Test
    void readsValuesFlatAndNested() {
        assertThat(known("[1,2,3,4]", DataType.FP32, 2, 2)).isEqualTo("[1.0,2.0,3.0,4.0]");
        assertThat(known(" [ [ 1 , 2 ] , [ 3 , 4 ] ] ", DataType.FP32, 2, 2)).isEqualTo("[1.0,2.0,3.0,4.0]");
        assertThat(known("[[1,2,3,4]]", DataType.INT32, 4)).isEqualTo("[1,2,3,4]");
        assertThat(known("[[1,2],[3,4]]", DataType.INT32, 1, 2, 1, 2)).isEqualTo("[1,2,3,4]");
        assertThat(known("7", DataType.INT32)).isEqualTo("[7]");
        assertThat(known("[7]", DataType.INT32)).isEqualTo("[7]");
        assertThat(known("[]", DataType.FP64, 0, 3)).isEqualTo("[]");
        assertThat(known("[[],[]]", DataType.FP64, 2, 0)).isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BOOL|[true,false]|[true,false]",
                "UINT8|[0,255]|[0,255]",
                "INT8|[-128,127]|[-128,127]",
                "UINT16|[0,65535]|[0,65535]",
                "INT16|[-32768,32767]|[-32768,32767]",
                "UINT32|[0,4294967295]|[0,4294967295]",
                "INT32|[-2147483648,2147483647]|[-2147483648,2147483647]",
                "UINT64|[0,18446744073709551615]|[0,18446744073709551615]",
                "INT64|[-9223372036854775808,9223372036854775807]|[-9223372036854775808,9223372036854775807]",
                "INT64|[9007199254740993,-0]|[9007199254740993,0]",
                "FP32|[0.1,-0]|[0.1,-0.0]",
                "FP32|[1e-9999,3.4028235e38]|[0.0,3.4028235E38]",
                "FP64|[0.1,1.7976931348623157e308]|[0.1,1.7976931348623157E308]",
                "BYTES|[\"\",\"a\\u00e9\\u0000\\ud83d\\ude00é\"]|[\"\",\"aé\\u0000😀é\"]",
            })
    void readsEveryDatatype(DataType type, String text, String expected) {
        assertThat(known(text, type, 2)).isEqualTo(expected);
        assertThat(inferred(text, type)).isEqualTo("[2] " + expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UINT8|256|a whole number from 0 to 255",
                "UINT8|-1|a whole number from 0 to 255",
                "INT8|128|a whole number from -128 to 127",
                "UINT16|65536|a whole number from 0 to 65535",
                "INT16|-32769|a whole number from -32768 to 32767",
                "UINT32|4294967296|a whole number from 0 to 4294967295",
                "INT32|2147483648|a whole number from -2147483648 to 2147483647",
                "UINT64|18446744073709551616|a whole number from 0 to 18446744073709551615",
                "UINT64|-1|a whole number from 0 to 18446744073709551615",
                "INT64|9223372036854775808|a whole number from -9223372036854775808 to 9223372036854775807",
                "INT64|1.0|a whole number from -9223372036854775808 to 9223372036854775807",
                "INT64|1e3|a whole number from -9223372036854775808 to 9223372036854775807",
                "INT32|\"1\"|a whole number",
                "FP32|\"1.5\"|a number",
                "FP32|null|a number",
                "FP32|true|a number",
                "FP32|1e39|a number in the range of FP32",
                "FP64|1e9999|a number in the range of FP64",
                "FP64|-1e309|a number in the range of FP64",
                "BOOL|1|true or false",
                "BOOL|0|true or false",
                "BYTES|1|a string",
            })
    void saysWhichElementDoesNotFit(DataType type, String element, String expected) {
        String good = type == DataType.BOOL ? "true" : type == DataType.BYTES ? "\"s\"" : "1";
        String given = element.startsWith("\"") ? "the string " + element : element;
        String message = "input 'x': element 1 at byte " + (good.length() + 2) + ": " + expected + " expected, " + given
                + " given";
        String text = "[" + good + "," + element + "]";
        assertThatThrownBy(() -> known(text, type, 2)).hasMessage(message);
        assertThatThrownBy(() -> inferred(text, type)).hasMessage(message);
    }

    @Test
    void countsTheValues() {
        assertThatThrownBy(() -> known("[1,2,3]", DataType.FP32, 1, 4))
                .hasMessage("input 'x': 3 values given, shape [1,4] needs 4");
        assertThatThrownBy(() -> known("[[1,2,3],[4,5]]", DataType.FP32, 1, 4))
                .hasMessage("input 'x': 5 values given, shape [1,4] needs 4");
        assertThatThrownBy(() -> known("[\"a\"]", DataType.BYTES, 2))
                .hasMessage("input 'x': 1 values given, shape [2] needs 2");
        assertThatThrownBy(() -> known("[]", DataType.FP32)).hasMessage("input 'x': 0 values given, shape [] needs 1");
    }

    @Test
    void allocatesNothingForAShapeThatTheTextCannotFill() {
        long[] huge = {1L << 31, 1L << 31};
        assertThatThrownBy(() -> known("[1,2,3]", DataType.FP32, huge))
                .hasMessage("input 'x': 3 values given, shape [2147483648,2147483648] needs 4611686018427387904");
        assertThatThrownBy(() -> known("[\"a\"]", DataType.BYTES, huge))
                .hasMessage("input 'x': 1 values given, shape [2147483648,2147483648] needs 4611686018427387904");
        assertThat(pool.bytesInUse()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[[1,2,3],[4]]", "[[1,2],3,4]", "[1,[2,3],4]", "[[1],[[2]],[3,4]]", "[[1,2,3,4],[]]"})
    void refusesRaggedNesting(String text) {
        assertThatThrownBy(() -> known(text, DataType.FP32, 2, 2)).hasMessageStartingWith("input 'x': its arrays have");
        assertThatThrownBy(() -> inferred(text, DataType.FP32)).hasMessageStartingWith("input 'x': its arrays have");
    }

    @Test
    void refusesNestingThatContradictsTheShape() {
        assertThatThrownBy(() -> known("[[1,2],[3,4],[5,6]]", DataType.FP32, 2, 3))
                .hasMessage("input 'x': values nested as [3,2] given, shape [2,3] needed");
        assertThatThrownBy(() -> known("[[1,2],[3,4]]", DataType.FP32, 4))
                .hasMessage("input 'x': values nested as [2,2] given, shape [4] needed");
    }

    @Test
    void tellsTheShapeFromTheNesting() {
        assertThat(inferred("7.5", DataType.FP32)).isEqualTo("[] 7.5");
        assertThat(inferred("[]", DataType.FP32)).isEqualTo("[0] []");
        assertThat(inferred("[[],[]]", DataType.INT8)).isEqualTo("[2,0] [[],[]]");
        assertThat(inferred("[[[1,2],[3,4]]]", DataType.INT8)).isEqualTo("[1,2,2] [[[1,2],[3,4]]]");
    }

    @ParameterizedTest
    @EnumSource(names = {"FP16", "BF16"})
    void refusesHalfPrecisionAsTritonDoes(DataType type) {
        assertThatThrownBy(() -> known("[1]", type, 1))
                .hasMessage("receiving " + type
                        + " data via JSON is not supported. Please use the binary data format for input x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[1,", "[1", "[1,2", "[1 2]", "[1,,2]", "[1,2]]", "[1,NaN]", "[1,2}", "[[1,2]", "{\"a\":1}", "["
            })
    void givesMemoryBackWhenTheTextIsBroken(String text) {
        assertThatThrownBy(() -> known(text, DataType.FP32, 2)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> inferred(text, DataType.FP32)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void countsTheDepthAroundTheTensor() {
        String text = "[".repeat(60) + "[".repeat(5);
        JsonReader reader = JsonReaderTest.reader(text);
        for (int i = 0; i < 60; i++) {
            reader.beginArray();
            reader.nextElement();
        }
        assertThatThrownBy(() -> reader.tensor("input 'x'", DataType.FP32, pool))
                .hasMessage("malformed JSON at byte 64: nested deeper than 64 arrays and objects");
    }

    @Test
    void makesNoGarbagePerElement() {
        try (SlabPool slabs = new SlabPool(1L << 30, 1L << 26)) {
            for (DataType type : new DataType[] {DataType.FP32, DataType.FP64, DataType.INT64}) {
                long few = garbage(slabs, type, 1_000);
                long many = garbage(slabs, type, 100_000);
                assertThat(many).as("bytes for 100000 elements of %s", type).isLessThanOrEqualTo(few + 512);
            }
        }
    }

    private static long garbage(SlabPool slabs, DataType type, int elements) {
        StringBuilder text = new StringBuilder("[");
        Random random = new Random(3);
        for (int i = 0; i < elements; i++) {
            text.append(i == 0 ? "" : ",")
                    .append(
                            type == DataType.INT64
                                    ? Long.toString(random.nextLong())
                                    : Double.toString(random.nextGaussian()));
        }
        byte[] bytes = text.append(']').toString().getBytes(StandardCharsets.UTF_8);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Shape shape = Shape.of(1, elements);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 30; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                new JsonReader(segment).tensor("input 'x'", type, shape, slabs).close();
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            return least;
        }
    }

    @Test
    void whatIsWrongIsToldApartFromItsWords() {
        Shape pair = Shape.of(2);
        assertThat(fault("[1]", DataType.FP32, pair)).isEqualTo(JsonFailure.Misfit.TENSOR_COUNT);
        assertThat(fault("[[1],[2]]", DataType.FP32, Shape.of(1, 2, 1))).isNull();
        assertThat(fault("[[1,2],[3]]", DataType.FP32, Shape.of(3))).isEqualTo(JsonFailure.Misfit.TENSOR_NESTING);
        assertThat(fault("[1,\"a\"]", DataType.FP32, pair)).isEqualTo(JsonFailure.Misfit.TENSOR_ELEMENT);
        assertThat(fault("[1,2]", DataType.FP16, pair)).isEqualTo(JsonFailure.Misfit.TENSOR_TYPE);
    }

    private JsonFailure.Fault fault(String text, DataType type, Shape shape) {
        try (TensorLease _ = JsonReaderTest.reader(text).tensor("input 'x'", type, shape, pool)) {
            return null;
        } catch (JsonFailure e) {
            return e.fault();
        }
    }
}
