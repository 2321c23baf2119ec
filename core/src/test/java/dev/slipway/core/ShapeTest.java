package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
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

    @Test
    void elementsFillADeclaredShapeWhereItsLastOpenDimensionTakesTheRest() {
        assertThat(DeclaredShape.of(-1, -1, 2).filledBy(6)).hasValue(Shape.of(1, 3, 2));
        assertThat(DeclaredShape.of(2, 3).filledBy(6)).hasValue(Shape.of(2, 3));
        assertThat(new DeclaredShape(true, List.of()).filledBy(1)).hasValue(Shape.SCALAR);
        assertThat(DeclaredShape.ANY.filledBy(6)).hasValue(Shape.of(6));
        assertThat(DeclaredShape.of(-1, 4).filledBy(6)).isEmpty();
        assertThat(DeclaredShape.of(2, 3).filledBy(5)).isEmpty();
        assertThat(DeclaredShape.of(-1, 0).filledBy(5)).isEmpty();
        assertThat(DeclaredShape.of(-1).filledBy(0)).isEmpty();
    }

    @Test
    void elementsAreNestedInRowMajorOrder() {
        assertThat(Shape.of(1, 2, 2).nested(List.of(1, 2, 3, 4)))
                .isEqualTo(List.of(List.of(List.of(1, 2), List.of(3, 4))));
        assertThat(Shape.SCALAR.nested(List.of(1))).isEqualTo(1);
    }
}
