package dev.slipway.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorLease;
import dev.slipway.testing.CountingPool;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JsonWriterTest {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @Test
    void writesADocument() {
        JsonWriter writer = new JsonWriter();
        writer.beginObject()
                .name("a")
                .beginArray()
                .value(1)
                .value("two")
                .raw("{\"x\":3}")
                .beginArray()
                .endArray()
                .endArray()
                .name("b")
                .beginObject()
                .endObject()
                .name("c")
                .value(null)
                .endObject();
        assertThat(writer).hasToString("{\"a\":[1,\"two\",{\"x\":3},[]],\"b\":{},\"c\":null}");
    }

    @Test
    void writesJavaValues() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("z", Arrays.asList(1, 2L, -3.5, 0.1f, Double.NaN, null, false));
        map.put("a", new BigDecimal("1E+400"));
        assertThat(Json.write(map)).isEqualTo("{\"z\":[1,2,-3.5,0.1,null,null,false],\"a\":1E+400}");
        assertThat(Json.canonical(map)).isEqualTo("{\"a\":1E+400,\"z\":[1,2,-3.5,0.1,null,null,false]}");
        assertThat(Json.pretty(Map.of("a", List.of(1, Map.of())))).isEqualTo("{\n  \"a\": [\n    1,\n    {}\n  ]\n}");
        assertThat(Json.pretty(List.of(List.of(1, 0.5)))).isEqualTo("[\n  [1, 0.5]\n]");
        assertThatThrownBy(() -> Json.write(new Object())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesWholeNumbersToTheLastDigit() {
        assertThat(Json.write(List.of(0, 9, 10, -1, Long.MAX_VALUE, Long.MIN_VALUE)))
                .isEqualTo("[0,9,10,-1,9223372036854775807,-9223372036854775808]");
    }

    @Test
    void escapesWhatMustBeEscaped() {
        String text = "\"\\/\b\f\n\r\t\0\u001f\u007fé€😀";
        assertThat(Json.write(text)).isEqualTo("\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007fé€😀\"");
        assertThat(Json.parse(Json.write(text))).isEqualTo(text);
        assertThat(Json.write("\ud800")).isEqualTo("\"\ufffd\"");
    }

    @Test
    void writesHalfPrecisionAsItsValues() {
        try (TensorLease half = pool.allocate(DataType.FP16, Shape.of(2));
                TensorLease brain = pool.allocate(DataType.BF16, Shape.of(2))) {
            half.tensor().data().setAtIndex(ValueLayout.JAVA_SHORT, 0, Float.floatToFloat16(0.5f));
            half.tensor().data().setAtIndex(ValueLayout.JAVA_SHORT, 1, Float.floatToFloat16(Float.NEGATIVE_INFINITY));
            brain.tensor().data().setAtIndex(ValueLayout.JAVA_SHORT, 0, (short) 0xC040);
            brain.tensor().data().setAtIndex(ValueLayout.JAVA_SHORT, 1, (short) 0x7FC0);
            assertThat(new JsonWriter().nested(half.tensor())).hasToString("[0.5,null]");
            assertThat(new JsonWriter().flat(brain.tensor())).hasToString("[-3.0,null]");
        }
    }

    @Test
    void writesNestedAsTheShapeSays() {
        try (TensorLease lease = pool.allocate(DataType.UINT8, Shape.of(2, 1, 3))) {
            for (int i = 0; i < 6; i++) {
                lease.tensor().data().set(ValueLayout.JAVA_BYTE, i, (byte) (250 + i));
            }
            assertThat(new JsonWriter().nested(lease.tensor())).hasToString("[[[250,251,252]],[[253,254,255]]]");
            assertThat(new JsonWriter().flat(lease.tensor().rows(1, 1))).hasToString("[253,254,255]");
            assertThat(new JsonWriter().nested(lease.tensor().rows(0, 0))).hasToString("[]");
        }
    }

    @Test
    void refusesBytesThatAreNoText() {
        try (TensorLease lease = pool.copyOfBytes(Shape.of(1), List.of(new byte[] {(byte) 0xFF}))) {
            assertThatThrownBy(() -> new JsonWriter().nested(lease.tensor()))
                    .isInstanceOfSatisfying(
                            FailureException.class,
                            e -> assertThat(e.failure()).isInstanceOf(Failure.Unsupported.class));
        }
    }
}
