package dev.slipway.deployment;

import static dev.slipway.deployment.Yard.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Failure;
import dev.slipway.core.ModelRef;
import dev.slipway.core.Settings;
import dev.slipway.deployment.TuningGoal.Objective;
import dev.slipway.deployment.TuningResult.Tried;
import dev.slipway.registry.HistoryEntry;
import dev.slipway.testing.CountingPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class TuningTest {

    private static final TuningGoal GOAL = new TuningGoal(Objective.THROUGHPUT, null, 4, Duration.ofSeconds(1));

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path folder;

    private Yard yard;

    @BeforeEach
    void start() {
        yard = new Yard(folder, pool);
        yard.deploy(yard.times(2));
    }

    @AfterEach
    void stop() {
        yard.close();
    }

    @Test
    void everyCandidateIsMeasuredAndNothingChanges() {
        TuningResult result = yard.deployments.tune(MODEL, 1, GOAL, new Cancellation());

        assertThat(result.tried()).hasSizeGreaterThan(4).allSatisfy(tried -> {
            assertThat(tried.rate()).isPositive();
            assertThat(tried.p99Millis()).isGreaterThanOrEqualTo(tried.p50Millis());
        });
        assertThat(result.tried().getFirst().settings()).isEqualTo(Settings.DEFAULT);
        assertThat(result.tried()).contains(result.best());
        assertThat(result.processor()).isNotBlank();
        assertThat(yard.deployments.model(MODEL).version(1).settings()).isEqualTo(Settings.DEFAULT);
        assertThat(yard.answer()).isEqualTo(2);
    }

    @Test
    void whatWasFoundBecomesARevisionThatSaysWhereItWasFound() {
        Tried present = new Tried(Settings.DEFAULT, 1, 1, 1);
        Tried best = new Tried(Settings.DEFAULT.withParallelism(1, 2), 2, 1, 1);
        TuningResult result = new TuningResult("Abacus 3000", 8, List.of(present, best), best, true);

        yard.deployments.apply(MODEL, 1, result, "tester");

        assertThat(yard.server().version(ModelRef.of(MODEL)).settings()).isEqualTo(best.settings());
        HistoryEntry entry = yard.deployments.history(MODEL, 1, null).getFirst();
        assertThat(entry.reason()).isEqualTo("version 1, tuned on Abacus 3000, 8 cores");
    }

    @Test
    void aCallerWhoHasGoneEndsIt() {
        Cancellation gone = new Cancellation();
        gone.cancel(new Failure.Cancelled("the caller has gone"));

        assertThatThrownBy(() -> yard.deployments.tune(MODEL, 1, GOAL, gone)).hasMessage("the caller has gone");
        assertThat(yard.answer()).isEqualTo(2);
    }

    @Test
    void aVersionThatIsNotThereCannotBeTuned() {
        assertThatThrownBy(() -> yard.deployments.tune(MODEL, 9, GOAL, new Cancellation()))
                .hasMessageContaining("9");
    }
}
