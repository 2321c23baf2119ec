package dev.slipway.deployment;

import static dev.slipway.deployment.Yard.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Endpoint;
import dev.slipway.core.Endpoint.Target;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelRef;
import dev.slipway.core.QueueSettings;
import dev.slipway.core.Settings;
import dev.slipway.deployment.Breakable.Step;
import dev.slipway.registry.HistoryEntry;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.serving.VersionState;
import dev.slipway.testing.CountingPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What moves between versions that are there, and what a restart brings back. */
class MovesTest {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path folder;

    private Yard yard;

    @BeforeEach
    void deployTwo() {
        yard = new Yard(folder, pool);
        yard.deploy(yard.times(2));
        yard.deploy(yard.times(3));
    }

    @AfterEach
    void close() {
        yard.close();
    }

    private static void assertConflict(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.Conflict.class));
    }

    @Test
    void promotingLoadsFirstAndThenMoves() {
        yard.deployments.endpoint(MODEL, Endpoint.of(1), "tester", null);

        assertThat(yard.answer()).isEqualTo(2);
        assertThat(yard.deployments.history(MODEL, 1, null))
                .extracting(HistoryEntry::action)
                .containsExactly("promote");
    }

    @Test
    void promotingWhatDoesNotLoadMovesNothing() {
        yard.breakable.breakAt(Step.OPEN);

        assertThatThrownBy(() -> yard.deployments.endpoint(MODEL, Endpoint.of(1), "tester", null))
                .hasMessage("broken at OPEN");

        assertThat(yard.answer()).isEqualTo(3);
        assertThat(yard.deployments.model(MODEL).record().endpoint()).isEqualTo(Endpoint.of(2));
    }

    @Test
    void twoTargetsAreBothInMemory() {
        Endpoint split = new Endpoint(List.of(new Target(1, 9), new Target(2, 1)), null, false);

        yard.deployments.endpoint(MODEL, split, "tester", null);

        assertThat(yard.answer(ModelRef.of(MODEL, 1))).isEqualTo(2);
        assertThat(yard.answer(ModelRef.of(MODEL, 2))).isEqualTo(3);
    }

    @Test
    void aChangeDecidedOnAnOldRevisionIsAConflict() {
        long seen = yard.deployments.model(MODEL).record().revision();
        yard.deployments.alias(MODEL, "old", 1L, "tester", seen);

        assertConflict(() -> yard.deployments.endpoint(MODEL, Endpoint.of(1), "tester", seen));
        assertThat(yard.answer()).isEqualTo(3);
    }

    @Test
    void anAliasKeepsItsVersionInMemoryUntilItGoes() {
        yard.deployments.alias(MODEL, "old", 1L, "tester", null);
        assertThat(yard.answer(ModelRef.parse("times@old"))).isEqualTo(2);

        yard.deployments.alias(MODEL, "old", null, "tester", null);
        assertThat(yard.deployments.model(MODEL).version(1).loaded()).isNull();
    }

    @Test
    void stableIsTheEndpointsOnlyTarget() {
        yard.deployments.alias(MODEL, "stable", 1L, "tester", null);

        assertThat(yard.deployments.model(MODEL).record().endpoint()).isEqualTo(Endpoint.of(1));
        assertThatThrownBy(() -> yard.deployments.alias(MODEL, "stable", null, "tester", null))
                .hasMessage("alias 'stable' is the endpoint's only target and cannot be removed");
    }

    @Test
    void rollbackLeadsToWhatWasStableBefore() {
        yard.deployments.rollback(MODEL, null, "tester");

        assertThat(yard.answer()).isEqualTo(2);
        assertThat(yard.deployments.history(MODEL, 1, null))
                .extracting(HistoryEntry::action)
                .containsExactly("rollback");
    }

    @Test
    void aSecondRollbackDoesNotLeadToWhatWasRolledBack() {
        yard.deployments.rollback(MODEL, null, "tester");

        assertConflict(() -> yard.deployments.rollback(MODEL, null, "tester"));
        assertThat(yard.answer()).isEqualTo(2);
    }

    @Test
    void rollbackMayNameItsTarget() {
        yard.deploy(yard.times(4));

        yard.deployments.rollback(MODEL, 1L, "tester");

        assertThat(yard.answer()).isEqualTo(2);
    }

    @Test
    void newSettingsAreInForceWhenTheCallReturns() {
        Settings settings = new Settings(
                new Settings.Batching(4, Duration.ZERO, List.of()),
                QueueSettings.of(7),
                1,
                1,
                Settings.Optimization.BASIC,
                Settings.DEFAULT.memoryLimit(),
                Duration.ofSeconds(5),
                false);
        LoadedVersion before = yard.server().version(ModelRef.of(MODEL));

        ModelView view = yard.deployments.settings(MODEL, 2, _ -> settings, "tester", null);

        assertThat(view.version(2).record().settingsRevision()).isEqualTo(2);
        assertThat(view.version(2).settings()).isEqualTo(settings);
        assertThat(yard.server().version(ModelRef.of(MODEL)).settings()).isEqualTo(settings);
        assertThat(yard.server().version(ModelRef.of(MODEL))).isNotEqualTo(before);
        yard = yard.again();
        assertThat(yard.server().version(ModelRef.of(MODEL)).settings()).isEqualTo(settings);
    }

    @Test
    void unloadingAndLoadingOutliveARestart() {
        yard.deployments.unload(MODEL, null, "tester");
        yard = yard.again();
        assertThatThrownBy(yard::answer)
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.NotReady.class));

        yard.deployments.load(MODEL, null, "tester");
        yard = yard.again();
        assertThat(yard.answer()).isEqualTo(3);
    }

    @Test
    void aVersionLoadedByRequestStaysWhenTrafficMoves() {
        yard.deployments.load(MODEL, 1L, "tester");

        yard.deploy(yard.times(4));

        assertThat(yard.answer(ModelRef.of(MODEL, 1))).isEqualTo(2);
    }

    @Test
    void onlyWhatNothingNamesCanBeRemoved() {
        assertConflict(() -> yard.deployments.removeVersion(MODEL, 2, "tester"));

        yard.deployments.removeVersion(MODEL, 1, "tester");

        assertThat(yard.deployments.model(MODEL).versions()).hasSize(1);
        assertThat(yard.deploy(yard.times(5)).version().record().number()).isEqualTo(3);
    }

    @Test
    void aRemovedModelLeavesItsHistoryAndItsNumbers() {
        yard.deployments.removeModel(MODEL, "tester");

        assertThatThrownBy(yard::answer).hasMessage("there is no model 'times'");
        assertThat(yard.deployments.models()).isEmpty();
        assertThat(yard.deployments.history(MODEL, 10, null)).hasSize(3);
        assertThat(yard.deploy(yard.times(2)).version().record().number()).isEqualTo(3);
        assertThat(yard.deployments.verify(MODEL).intact()).isTrue();
    }

    @Test
    void aRestartBringsBackWhatServed() {
        yard.deployments.alias(MODEL, "old", 1L, "tester", null);

        yard = yard.again();

        assertThat(yard.deployments.settled()).isTrue();
        assertThat(yard.answer()).isEqualTo(3);
        assertThat(yard.answer(ModelRef.parse("times@old"))).isEqualTo(2);
    }

    @Test
    void whatDoesNotComeBackIsNamedAndStopsNothing() {
        yard.close();
        Breakable breakable = new Breakable();
        breakable.breakAt(Step.OPEN);
        yard = new Yard(folder, pool, Runnable::run, breakable);

        VersionView failed = yard.deployments.model(MODEL).version(2);
        assertThat(yard.deployments.settled()).isTrue();
        assertThat(failed.state()).isEqualTo(VersionState.FAILED);
        assertThat(yard.deployments.anyFailed()).isTrue();
        assertThat(failed.failure()).isEqualTo(new Failure.Internal("broken at OPEN"));

        breakable.mend();
        yard.deployments.load(MODEL, null, "tester");
        assertThat(yard.answer()).isEqualTo(3);
    }
}
