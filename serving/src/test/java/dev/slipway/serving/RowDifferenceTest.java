package dev.slipway.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.DataType;
import dev.slipway.serving.RowRuns.Answer;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowDifferenceTest {

    private static Answer answer(float... row) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * row.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(row);
        return new Answer(List.of(DataType.FP32), List.of(MemorySegment.ofArray(bytes.array())));
    }

    private static RowDifference between(List<Answer> alone, Answer firstAmongOthers) {
        RowDifference difference = new RowDifference(alone);
        difference.add(0, firstAmongOthers);
        return difference;
    }

    @Test
    void equalBitsAreNoDifference() {
        RowDifference difference = between(List.of(answer(1, Float.NaN)), answer(1, Float.NaN));
        assertThat(difference.none()).isTrue();
        assertThat(difference.relative()).isZero();
    }

    @Test
    void aColumnOfLargeNumbersHidesNothingInOneOfSmall() {
        assertThat(between(List.of(answer(1e9f, 2)), answer(1e9f, 1)).relative())
                .isEqualTo(0.5);
    }

    @Test
    void aPlaceIsMeasuredByItsLargestNumberInAnyRowAlone() {
        assertThat(between(List.of(answer(1), answer(-8), answer(Float.POSITIVE_INFINITY)), answer(3))
                        .relative())
                .isEqualTo(0.25);
    }

    @Test
    void amongLargerNumbersOneBelowOneIsMeasuredByOne() {
        assertThat(between(List.of(answer(0, 1)), answer(0.5f, 1)).relative()).isEqualTo(0.5);
        assertThat(between(List.of(answer(0, 4)), answer(0.5f, 4)).relative()).isEqualTo(0.5);
        assertThat(between(List.of(answer(0, 0.25f)), answer(0.5f, 0.25f)).relative())
                .isEqualTo(2);
    }

    @Test
    void whatIsNoNumberAnyMoreIsFurtherThanAnyNumber() {
        assertThat(between(List.of(answer(1)), answer(Float.NaN)).relative()).isInfinite();
        assertThat(between(List.of(answer(0)), answer(1)).relative()).isInfinite();
        assertThat(between(List.of(answer(1)), answer(1, 1)).relative()).isInfinite();
    }

    @Test
    void signsOfZeroAreBitsAndNoDistance() {
        RowDifference difference = between(List.of(answer(0f)), answer(-0f));
        assertThat(difference.none()).isFalse();
        assertThat(difference.relative()).isZero();
    }
}
