package dev.slipway.verify.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Medians, their intervals, and whether they reach a goal. */
class SeriesTest {

    private static Series upTo(int rounds) {
        return new Series(
                IntStream.rangeClosed(1, rounds).mapToObj(Double::valueOf).toList());
    }

    @Test
    void fewRoundsHaveTheirWholeRangeAsInterval() {
        assertThat(List.of(upTo(1).low(), upTo(1).median(), upTo(1).high())).containsExactly(1.0, 1.0, 1.0);
        assertThat(List.of(upTo(8).low(), upTo(8).median(), upTo(8).high())).containsExactly(1.0, 4.5, 8.0);
    }

    /** Known ranks of the 95 % interval of a median: 2 and 8 of 9, 2 and 10 of 11, 6 and 15 of 20. */
    @Test
    void moreRoundsLeaveOutTheirExtremes() {
        assertThat(List.of(upTo(9).low(), upTo(9).high())).containsExactly(2.0, 8.0);
        assertThat(List.of(upTo(11).low(), upTo(11).high())).containsExactly(2.0, 10.0);
        assertThat(List.of(upTo(20).low(), upTo(20).high())).containsExactly(6.0, 15.0);
    }

    @Test
    void aRatioIsThatOfTheSameRound() {
        Series ours = new Series(List.of(2.0, 9.0, 4.0));
        Series theirs = new Series(List.of(1.0, 3.0, 4.0));

        assertThat(ours.over(theirs).values()).containsExactly(2.0, 3.0, 1.0);
        assertThat(ours.minus(theirs).values()).containsExactly(1.0, 6.0, 0.0);
    }

    @Test
    void aGoalIsReachedByTheMedianOrByTheInterval() {
        assertThat(Goal.atMost(5).reached(upTo(9))).isEqualTo("yes");
        assertThat(Goal.atMost(2).reached(upTo(9))).isEqualTo("by its interval");
        assertThat(Goal.atMost(1.9).reached(upTo(9))).isEqualTo("no");
        assertThat(Goal.atLeast(8).reached(upTo(9))).isEqualTo("by its interval");
        assertThat(Goal.atLeast(8.1).reached(upTo(9))).isEqualTo("no");
        assertThat(Goal.atMost(5).reached(upTo(8))).isEqualTo("too few rounds");
    }
}
