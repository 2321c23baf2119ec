package dev.slipway.serving;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunCostTest {

    private static final long BRIEF = 5_000;
    private static final long LONG = 500_000;
    private static final long INTERRUPTED = 4_000_000;
    private static final long FAR_TOO_LONG = 50_000_000;

    private final RunCost cost = new RunCost(true);
    private long now = -7;

    private void runs(int count, long bytes, long nanos) {
        for (int i = 0; i < count; i++) {
            cost.ran(bytes, nanos, now);
        }
    }

    private boolean brief(long bytes) {
        return cost.brief(bytes, now);
    }

    @Test
    void isBelievedOnlyAfterEnoughRuns() {
        runs(31, 16, BRIEF);
        assertThat(brief(16)).isFalse();
        runs(1, 16, BRIEF);
        assertThat(brief(16)).isTrue();
    }

    @Test
    void longRunsAreNotBrief() {
        runs(1_000, 16, LONG);
        assertThat(brief(16)).isFalse();
    }

    @Test
    void runsOfMillisecondsAreLengthyWhateverTheirSizeAndHoweverTheyAreMade() {
        RunCost unsteady = new RunCost(false);
        for (int i = 0; i < 100; i++) {
            unsteady.ran(1L << (i % 30), INTERRUPTED, now);
        }
        assertThat(unsteady.lengthy()).isTrue();

        assertThat(cost.lengthy()).as("before the first").isFalse();
        runs(100, 16, LONG);
        runs(2, 16, INTERRUPTED);
        assertThat(cost.lengthy()).isFalse();
    }

    @Test
    void sizesAreToldApart() {
        runs(100, 16, BRIEF);
        runs(100, 1 << 12, LONG);
        assertThat(brief(17)).isTrue();
        assertThat(brief(64)).as("never seen").isFalse();
        assertThat(brief(1 << 12)).isFalse();
        assertThat(brief(0)).as("no inputs, never seen").isFalse();
    }

    @Test
    void aRunThatWasInterruptedSaysLittle() {
        runs(100, 16, BRIEF);
        runs(1, 16, LONG);
        assertThat(brief(16)).isTrue();
        runs(100, 16, BRIEF);
        runs(1, 16, INTERRUPTED);
        assertThat(brief(16)).isTrue();
    }

    @Test
    void twoOfAFewRunsAreNotInterruptedByChance() {
        runs(100, 16, BRIEF);
        runs(1, 16, INTERRUPTED);
        runs(7, 16, BRIEF);
        runs(1, 16, INTERRUPTED);
        assertThat(brief(16)).isFalse();
        now += 200_000_000;
        assertThat(brief(16)).isTrue();
        runs(8, 16, BRIEF);
        runs(1, 16, INTERRUPTED);
        assertThat(brief(16)).isTrue();
    }

    @Test
    void aModelThatHasBecomeSlowIsFoundOutAndOneThatHasBecomeFastToo() {
        runs(100, 16, BRIEF);
        runs(20, 16, LONG);
        assertThat(brief(16)).isFalse();
        runs(40, 16, BRIEF);
        assertThat(brief(16)).isTrue();
    }

    @Test
    void aRunFarAboveClosesAllSizesForAWhile() {
        runs(100, 16, BRIEF);
        runs(1, 1 << 12, FAR_TOO_LONG);
        assertThat(brief(16)).isFalse();
        now += 200_000_000;
        assertThat(brief(16)).isTrue();
    }

    @Test
    void largeInputsAreNeverBrief() {
        runs(100, (1 << 16) + 1, BRIEF);
        assertThat(brief((1 << 16) + 1)).isFalse();
    }

    @Test
    void aModelThatValuesMakeLongIsNeverBrief() {
        RunCost unsteady = new RunCost(false);
        for (int i = 0; i < 100; i++) {
            unsteady.ran(16, BRIEF, now);
        }
        assertThat(unsteady.brief(16, now)).isFalse();
    }
}
