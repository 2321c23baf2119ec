package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearNameTest {

    private static final List<String> KNOWN = List.of("softmax", "resize", "top");

    @Test
    void aSlipIsNearWhateverItsCase() {
        assertThat(NearName.of("sofmax", KNOWN)).hasValue("softmax");
        assertThat(NearName.of("Rezise", KNOWN)).hasValue("resize");
        assertThat(NearName.question("TOP", KNOWN, "")).isEqualTo(", did you mean 'top'?");
    }

    @Test
    void anotherWordIsNot() {
        assertThat(NearName.of("decode", KNOWN)).isEmpty();
        assertThat(NearName.of("z", List.of("x"))).isEmpty();
        assertThat(NearName.of("X", List.of("x"))).hasValue("x");
        assertThat(NearName.question("decode", KNOWN, "; known are softmax")).isEqualTo("; known are softmax");
    }

    @Test
    void amongThousandsNoneIsSoughtAndAHundredAreListed() {
        List<String> many = IntStream.range(0, 1_001).mapToObj(i -> "name-" + i).toList();
        assertThat(NearName.of("name-1", many)).isEmpty();
        assertThat(NearName.rule("key", "x", many)).endsWith("name-98, name-99 and 901 more");
    }
}
