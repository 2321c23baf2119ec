package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {

    @Test
    void countsElements() {
        assertThat(Shape.of().elements()).isEqualTo(1);
        assertThat(Shape.of(2, 3).elements()).isEqualTo(6);
        assertThat(Shape.of(2, 0, 1L << 62).elements()).isZero();
    }

    @Test
    void refusesNegativeDimensionsAndOverflow() {
        assertThatThrownBy(() -> Shape.of(2, -1)).hasMessageContaining("negative dimension -1");
        assertThatThrownBy(() -> Shape.of(1L << 32, 1L << 31)).hasMessageContaining("64-bit");
        assertThatThrownBy(() -> Shape.of(1L << 32, 1L << 32)).hasMessageContaining("64-bit");
        assertThatThrownBy(() -> Shape.of(3, Long.MAX_VALUE)).hasMessageContaining("64-bit");
    }
}
