package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Values on the command line for models without a task. */
class TensorArgumentsTest {

    private static TensorArguments taking(String... inputs) {
        String signature = "{\"task\": \"tensors\", \"signature\": {\"inputs\": [" + String.join(",", inputs) + "]}}";
        return TensorArguments.of("m", Document.of(Json.parse(signature))).orElseThrow();
    }

    private static String input(String name, String type, String shape) {
        return "{\"name\": \"%s\", \"datatype\": \"%s\", \"shape\": %s}".formatted(name, type, shape);
    }

    private static String values(String shape, String... values) {
        return Json.write(taking(input("x", "FP32", shape)).values(List.of(values)));
    }

    @Test
    void valuesFillTheShapeOfTheOnlyInput() {
        assertThat(values("[-1, 4]", "5.1", "3.5", "1.4", "0.2")).isEqualTo("{\"inputs\":{\"x\":[[5.1,3.5,1.4,0.2]]}}");
        assertThat(values("[-1, 2]", "1,2", "3,4")).isEqualTo("{\"inputs\":{\"x\":[[1,2],[3,4]]}}");
        assertThat(values("[-1, -1]", "1", "2", "3")).isEqualTo("{\"inputs\":{\"x\":[[1,2,3]]}}");
        assertThat(values("[2, 1, 2]", "1", "2", "3", "4")).isEqualTo("{\"inputs\":{\"x\":[[[1,2]],[[3,4]]]}}");
        assertThat(values("[]", "7")).isEqualTo("{\"inputs\":{\"x\":7}}");
        assertThat(values("[-1, 2]", "[[1, 2]]")).isEqualTo("{\"inputs\":{\"x\":[[1,2]]}}");
    }

    @Test
    void whatDoesNotFillAShapeIsToldWithTheShape() {
        assertThatThrownBy(() -> values("[-1, 4]", "1", "2", "3"))
                .hasMessage("input 'x' is FP32[?,4], which 3 values do not fill");
        assertThatThrownBy(() -> values("[2]", "1")).hasMessage("input 'x' is FP32[2], which 1 value does not fill");
        assertThatThrownBy(() -> values("[0, -1]", "1")).hasMessageContaining("FP32[0,?]");
    }

    @Test
    void severalInputsTakeOneValueEachOrTheirNames() {
        TensorArguments two = taking(
                input("age", "INT64", "[-1, 1]"), input("city", "BYTES", "[-1, 1]"), input("old", "BOOL", "[-1]"));
        assertThat(Json.write(two.values(List.of("41", "7", "true"))))
                .isEqualTo("{\"inputs\":{\"age\":[[41]],\"city\":[[\"7\"]],\"old\":[true]}}");
        assertThat(two.pairs(Map.of("city", "Ulm, Bonn")))
                .isEqualTo(Map.of("inputs", Map.of("city", List.of(List.of("Ulm, Bonn")))));
        assertThatThrownBy(() -> two.values(List.of("41"))).hasMessage("m takes 3 inputs, 1 value given");
        assertThatThrownBy(() -> two.list("[[41]]")).hasMessage("m takes 3 inputs, a list given");
    }

    @Test
    void anInputThatMayBeLeftOutIsTakenByItsName() {
        TensorArguments one = taking(
                input("x", "FP32", "[1]"),
                "{\"name\": \"bias\", \"datatype\": \"FP32\", \"shape\": [2], \"optional\": true}");
        assertThat(Json.write(one.values(List.of("3")))).isEqualTo("{\"inputs\":{\"x\":[3]}}");
        assertThat(Json.write(one.pairs(Map.of("bias", "1,2")))).isEqualTo("{\"inputs\":{\"bias\":[1,2]}}");
    }

    @Test
    void aNameThatTheModelDoesNotTakeIsLeftToTheServer() {
        assertThat(Json.write(taking(input("x", "FP32", "[1]")).pairs(Map.of("y", "3"))))
                .isEqualTo("{\"inputs\":{\"y\":\"3\"}}");
    }

    @Test
    void aModelWithATaskTakesValuesAsTheyAre() {
        Document version = new Document(Map.of("task", "tabular-regression"));
        assertThat(TensorArguments.of("m", version)).isEmpty();
    }
}
