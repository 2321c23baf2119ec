package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountTest {

    @Test
    void oneIsOneAndAllOthersAreMany() {
        assertThat(Count.of(1, "row")).isEqualTo("1 row");
        assertThat(Count.of(0, "row")).isEqualTo("0 rows");
        assertThat(Count.of(2, "entry", "entries")).isEqualTo("2 entries");
    }
}
