package dev.slipway.serving;

import static dev.slipway.serving.ServingFixture.numbers;
import static dev.slipway.serving.ServingFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.ModelRef;
import dev.slipway.core.Shape;
import dev.slipway.testing.FakeModel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProbeTest extends ServingTest {

    private Batchability probed(LoadedVersion version, float... sample) {
        return version.probe(List.of(ServingFixture.request(
                ModelRef.of(version.model()), serving.tensor("x", Shape.of(1, sample.length), sample))));
    }

    @Test
    void rowsThatAnswerAlikeAloneAndTogetherAreExact() {
        LoadedVersion version = serving.load(FakeModel.DOUBLE, 1);
        assertThat(version.batchability()).hasToString("no (not probed)");
        assertThat(probed(version, 1, 2)).isEqualTo(new Batchability.Exact());
        assertThat(version.batchability()).hasToString("exact");
        assertThat(serving.engine.batchSizes()).contains(1L, 2L, 8L, 31L, 32L);
    }

    @Test
    void aMeanOverTheBatchIsFoundEvenFromASingleSampleRow() {
        LoadedVersion version = serving.load(FakeModel.CENTRE, 1);
        assertThat(probed(version, 1, 2).toString()).startsWith("no (a row's answer changed by ");
    }

    @Test
    void aModelWithoutRowsInItsAnswerIsNotRun() {
        LoadedVersion version = serving.load(FakeModel.CONSTANT, 1);
        assertThat(version.probe(List.of())).hasToString("no ('y: FP32[3]' has no named first dimension)");
        assertThat(serving.engine.runs()).isZero();
    }

    @Test
    void aModelThatStreamsIsNotBatched() {
        LoadedVersion version = serving.load(FakeModel.STREAM, 1);
        assertThat(probed(version, 1, 2)).hasToString("no (rows together failed: 2 answers to one run)");
    }

    @Test
    void aModelThatDoesNotAnswerIsGivenUpAfterItsTimeout() throws Exception {
        LoadedVersion version = serving.load(FakeModel.DOUBLE, 1);
        serving.engine.hold();
        CompletableFuture<Batchability> verdict = CompletableFuture.supplyAsync(() -> probed(version, 1, 2));
        serving.engine.awaitHeld(1);
        serving.timer.advance(version.settings().timeout());
        assertThat(verdict.get(10, TimeUnit.SECONDS).toString())
                .startsWith("no (fewer than two rows ran alone: not all rows were tried within ");
        assertThat(serving.timer.alarms()).isZero();
    }

    @Test
    void aModelThatIsTooSlowToTryManyRowsIsNotHeldUpByATrial() throws Exception {
        LoadedVersion version = serving.load(FakeModel.DOUBLE, 1);
        serving.engine.hold();
        CompletableFuture<Batchability> verdict = CompletableFuture.supplyAsync(() -> probed(version, 1, 2));
        serving.engine.awaitHeld(1);
        serving.timer.advance(version.settings().timeout().dividedBy(10));
        serving.engine.release();
        assertThat(verdict.get(10, TimeUnit.SECONDS).toString())
                .startsWith("no (not probed: a row takes ")
                .endsWith(" ms, too long to try many)");
        assertThat(serving.engine.runs()).isLessThanOrEqualTo(4);
    }

    @Test
    void withoutASampleOpenDimensionsAreTriedAtSeveralSizes() {
        assertThat(serving.load(FakeModel.DOUBLE, 1).probe(List.of())).isEqualTo(new Batchability.Exact());
        assertThat(serving.load(FakeModel.CENTRE, 2).probe(List.of()).toString())
                .startsWith("no (a row's answer changed by ");
    }

    @Test
    void whatTheEngineSuspectsIsNotBatchedUnlessThePackageSaysSo() {
        serving.engine.suspect("ReduceMax: reduces over axis 0");
        LoadedVersion version = serving.load(FakeModel.DOUBLE, 1);
        assertThat(probed(version, 1, 2))
                .hasToString("no (rows may influence each other, ReduceMax: reduces over axis 0)");
        assertThat(serving.engine.runs()).isZero();
        assertThat(serving.load(FakeModel.DOUBLE, 2, settings(32, 10), true).batchability())
                .hasToString("declared");
    }

    @Test
    void batchingThatIsOffIsNotProbed() {
        LoadedVersion version = serving.load(FakeModel.DOUBLE, 1, settings(1, 10), null);
        assertThat(probed(version, 1)).hasToString("no (batching is off)");
        assertThat(serving.engine.runs()).isZero();
    }

    @Test
    void aPackageThatSaysNoIsBelieved() {
        LoadedVersion version = serving.load(FakeModel.DOUBLE, 1, settings(32, 10), false);
        assertThat(probed(version, 1)).hasToString("no (the package says so)");
    }

    @Test
    void aPackageThatSaysYesIsBatchedAndMeasured() {
        LoadedVersion exact = serving.load(FakeModel.DOUBLE, 1, settings(32, 10), true);
        assertThat(exact.batchability()).hasToString("declared");
        assertThat(probed(exact, 1)).hasToString("exact");
        LoadedVersion mixing = serving.load(FakeModel.CENTRE, 2, settings(32, 10), true);
        assertThat(probed(mixing, 1)).hasToString("declared");
    }

    @Test
    void probingStaysOutOfTheStatistics() {
        LoadedVersion version = serving.load(FakeModel.SUM, 1);
        serving.publish(version);
        probed(version, 1, 2, 3);
        assertThat(version.statistics().executions()).isZero();
        assertThat(numbers(serving.send(1, 2))).containsExactly(1f, 2f);
        assertThat(version.statistics().executions()).isEqualTo(1);
    }

    @Test
    void aToleranceReadsAsItIsWritten() {
        assertThat(new Batchability.Within(1e-6)).hasToString("within 1e-6");
    }

    @Test
    void aSampleThatDoesNotFitIsPassedOver() {
        LoadedVersion version = serving.load(FakeModel.DOUBLE, 1);
        ModelRef ref = ModelRef.of(version.model());
        assertThat(version.probe(List.of(
                        ServingFixture.request(ref, serving.tensor("z", Shape.of(1, 1), 1)),
                        ServingFixture.request(ref, serving.tensor("x", Shape.of(3, 1), 1, 2, 3)))))
                .isEqualTo(new Batchability.Exact());
    }
}
