package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class QuotedTest {

    private static final String LONG = "n".repeat(1 << 20);

    @Test
    void aNameStandsWholeAndAMegabyteDoesNot() {
        assertThat(Quoted.of("iris")).isEqualTo("'iris'");
        assertThat(Quoted.of(LONG)).isEqualTo("'" + "n".repeat(200) + "… (1048576 characters)'");
    }

    @Test
    void failuresShowTheBeginningOfALongName() {
        assertThatThrownBy(() -> ModelName.of(LONG))
                .satisfies(e -> assertThat(e.getMessage())
                        .contains("(1048576 characters)")
                        .hasSizeLessThan(400));
        assertThatThrownBy(() -> ModelRef.parseVersion(LONG))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
        assertThat(new Failure.Fault(List.of("body", LONG), "known", LONG).toString())
                .hasSizeLessThan(600);
    }
}
