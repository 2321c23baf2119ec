package dev.slipway.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Settings;
import dev.slipway.deployment.TuningGoal.Objective;
import dev.slipway.deployment.TuningResult.Tried;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TuningGoalTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Tried present = tried(1, 1000, 10);

    private static Tried tried(int instances, double rate, double p99) {
        return new Tried(Settings.DEFAULT.withParallelism(instances, 1), rate, p99 / 2, p99);
    }

    private Tried best(Objective objective, Duration limit, Tried... others) {
        return new TuningGoal(objective, limit, 1, SECOND).best(present, List.of(others));
    }

    @Test
    void theMostAnswersOrTheLowestTailAreBest() {
        Tried fast = tried(2, 2000, 30);
        Tried steady = tried(3, 500, 5);
        assertThat(best(Objective.THROUGHPUT, null, fast, steady)).isEqualTo(fast);
        assertThat(best(Objective.LATENCY, null, fast, steady)).isEqualTo(steady);
    }

    @Test
    void thePresentSettingsStayWhereOthersAreAboutAsGood() {
        assertThat(best(Objective.THROUGHPUT, null, tried(2, 1040, 9))).isEqualTo(present);
        assertThat(best(Objective.LATENCY, null, tried(2, 2000, 9.8))).isEqualTo(present);
    }

    @Test
    void whatIsBeyondTheLimitIsNotBestHoweverManyItAnswers() {
        Tried beyond = tried(2, 5000, 21);
        Tried within = tried(3, 1500, 19);
        assertThat(best(Objective.THROUGHPUT, Duration.ofMillis(20), beyond, within))
                .isEqualTo(within);
    }

    @Test
    void whatIsWithinTheLimitIsBetterThanPresentSettingsBeyondIt() {
        Tried within = tried(2, 100, 4);
        assertThat(best(Objective.THROUGHPUT, Duration.ofMillis(5), within)).isEqualTo(within);
    }

    @Test
    void whereAllAreBeyondTheLimitTheNearestIsBest() {
        Tried near = tried(2, 1100, 6);
        assertThat(best(Objective.THROUGHPUT, Duration.ofMillis(5), tried(3, 9000, 50), near))
                .isEqualTo(near);
    }

    @Test
    void goalsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new TuningGoal(Objective.LATENCY, null, 0, SECOND))
                .hasMessage("tuning: concurrency is 0, must be between 1 and 1024");
        assertThatThrownBy(() -> new TuningGoal(Objective.LATENCY, null, 1, Duration.ZERO))
                .hasMessage("tuning: time is PT0S, must be between a second and an hour");
        assertThatThrownBy(() -> new TuningGoal(Objective.LATENCY, Duration.ZERO, 1, SECOND))
                .hasMessage("tuning: p99 is PT0S, must be positive");
    }
}
