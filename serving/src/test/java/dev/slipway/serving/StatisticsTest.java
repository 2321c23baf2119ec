package dev.slipway.serving;

import static dev.slipway.serving.ServingFixture.failure;
import static dev.slipway.serving.ServingFixture.numbers;
import static dev.slipway.serving.ServingFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.core.Failure;
import dev.slipway.core.ModelRef;
import dev.slipway.core.Shape;
import dev.slipway.testing.FakeModel;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The sentences of Triton's statistics extension, as known sequences. */
class StatisticsTest extends ServingTest {

    @Test
    void aRequestOfEightRowsIsOneSuccessEightInferencesAndOneExecution() {
        LoadedVersion version = serving.load(FakeModel.DOUBLE, 1);
        serving.publish(version);
        numbers(serving.send(1, 2, 3, 4, 5, 6, 7, 8));
        VersionStatistics statistics = version.statistics();
        assertThat(statistics.success().count()).isEqualTo(1);
        assertThat(statistics.inferences()).isEqualTo(8);
        assertThat(statistics.executions()).isEqualTo(1);
        assertThat(statistics.batches())
                .extracting(VersionStatistics.Batch::size)
                .containsExactly(8L);
        assertThat(statistics.lastInferenceMillis()).isEqualTo(serving.timer.currentTimeMillis());
    }

    @Test
    void requestsOfOneAndOfEightRowsRunTogetherAreTwoSuccessesNineInferencesAndOneExecution() {
        LoadedVersion version = serving.load(
                FakeModel.DOUBLE, 1, ServingFixture.withDelay(settings(32, 10), Duration.ofMillis(1)), true);
        serving.publish(version);
        var one = serving.send(1);
        var eight = serving.send(1, 2, 3, 4, 5, 6, 7, 8);
        serving.timer.advance(Duration.ofMillis(1));
        numbers(one);
        numbers(eight);
        VersionStatistics statistics = version.statistics();
        assertThat(statistics.success().count()).isEqualTo(2);
        assertThat(statistics.inferences()).isEqualTo(9);
        assertThat(statistics.executions()).isEqualTo(1);
        assertThat(statistics.queue()).isEqualTo(new VersionStatistics.Duration(2, 2_000_000));
        assertThat(statistics.batches())
                .extracting(
                        VersionStatistics.Batch::size,
                        batch -> batch.computeInfer().count())
                .containsExactly(tuple(9L, 1L));
    }

    @Test
    void failuresAreCountedApartAndRefusalsNot() {
        LoadedVersion version = serving.load(FakeModel.DOUBLE, 1);
        serving.publish(version);
        serving.engine.failRuns(new Failure.ModelFailed("no"));
        failure(serving.send(1));
        failure(serving.server.infer(
                ServingFixture.request(ModelRef.of(ServingFixture.MODEL), serving.tensor("z", Shape.of(1, 1), 1))));
        VersionStatistics statistics = version.statistics();
        assertThat(statistics.fail().count()).isEqualTo(1);
        assertThat(statistics.success().count()).isZero();
        assertThat(statistics.inferences()).isZero();
        assertThat(statistics.executions()).isZero();
        assertThat(serving.observer.told()).containsExactly("loaded 1", "failed 1 model-failed", "refused bad-input");
    }

    @Test
    void whatIsTriedBeforeAVersionIsPublishedIsNotCounted() {
        LoadedVersion version = serving.load(FakeModel.DOUBLE, 1);
        numbers(version.infer(
                ServingFixture.request(ModelRef.of(ServingFixture.MODEL), serving.tensor("x", Shape.of(1, 1), 1))));
        serving.publish(version);
        assertThat(version.statistics().inferences()).isZero();
        assertThat(version.statistics().executions()).isZero();
        assertThat(version.statistics().lastInferenceMillis()).isZero();
        assertThat(serving.observer.told()).containsExactly("loaded 1");
        serving.publish(version);
        numbers(serving.send(1, 2));
        serving.publish(version);
        assertThat(version.statistics().inferences()).isEqualTo(2);
    }

    @Test
    void aModelWithoutRowsCountsRequests() {
        LoadedVersion version = serving.load(FakeModel.CONSTANT, 1);
        serving.publish(version);
        numbers(serving.send(1, 2, 3));
        assertThat(version.statistics().inferences()).isEqualTo(1);
    }

    @Test
    void whatWaitsAndWhatRunsIsCountedAsLongAsItDoes() throws InterruptedException {
        LoadedVersion version = serving.load(FakeModel.DOUBLE, 1);
        serving.publish(version);
        serving.engine.hold();
        var running = serving.send(1);
        serving.engine.awaitHeld(1);
        var waiting = serving.send(2);
        assertThat(version.statistics().queued()).isEqualTo(1);
        assertThat(version.statistics().running()).isEqualTo(1);
        serving.engine.release();
        numbers(running);
        numbers(waiting);
        version.close();
        assertThat(version.statistics().queued()).isZero();
        assertThat(version.statistics().running()).isZero();
    }

    @Test
    void theObserverIsToldInOrder() {
        LoadedVersion version = serving.load(FakeModel.DOUBLE, 1);
        serving.publish(version);
        numbers(serving.send(1, 2));
        serving.server.withdraw(ServingFixture.MODEL);
        version.close();
        assertThat(serving.observer.told())
                .containsExactly("loaded 1", "ran 1 rows 2", "answered 1", "unloaded 1", "removed 1");
    }
}
