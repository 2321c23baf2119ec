package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.json.Json;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Examples of models as commands that can be typed. */
class TrialCommandsTest {

    private static String asking(String example) {
        return new TrialCommands("slipway", "")
                .asking("m", Samples.none(Path.of("")), Json.parse(example))
                .orElse("nothing");
    }

    @Test
    void aRowStandsAsItsValues() {
        assertThat(asking("[1, 0.5]")).isEqualTo("slipway predict m 1 0.5");
        assertThat(asking("{\"size\": 1.5, \"colour\": \"red\"}")).isEqualTo("slipway predict m size=1.5 colour=red");
    }

    @Test
    void tensorsStandAsTheirElements() {
        assertThat(asking("{\"inputs\": {\"x\": [[0.5, 0.5]]}}")).isEqualTo("slipway predict m 0.5 0.5");
        assertThat(asking("{\"inputs\": {\"x\": [[1, 2]], \"on\": [true]}}"))
                .isEqualTo("slipway predict m x=1,2 on=true");
    }

    @Test
    void whatAShellWouldReadOtherwiseStandsAsJson() {
        assertThat(asking("{\"a b\": 1}")).isEqualTo("slipway predict m '{\"a b\":1}'");
        assertThat(asking("{\"inputs\": {\"in:0\": [1], \"b\": [2]}}"))
                .isEqualTo("slipway predict m '{\"inputs\":{\"in:0\":[1],\"b\":[2]}}'");
        assertThat(asking("{\"a\": \"it's\"}")).isEqualTo("nothing");
    }

    @Test
    void whatIsLongIsNotTyped() {
        Object pixels = Map.of("inputs", Map.of("x", Collections.nCopies(3, Collections.nCopies(400, 0.5))));
        assertThat(asking(Json.write(pixels))).isEqualTo("nothing");
        assertThat(new TrialCommands("slipway", "").asking("m", Samples.none(Path.of("")), null))
                .isEmpty();
        assertThat(asking(Json.write(Map.of("inputs", Map.of("x", List.of(Collections.nCopies(40, 1)))))))
                .startsWith("slipway predict m '{");
    }
}
