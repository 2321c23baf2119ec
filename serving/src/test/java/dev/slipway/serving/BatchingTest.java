package dev.slipway.serving;

import static dev.slipway.serving.ServingFixture.MODEL;
import static dev.slipway.serving.ServingFixture.numbers;
import static dev.slipway.serving.ServingFixture.settings;
import static dev.slipway.serving.ServingFixture.withDelay;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelRef;
import dev.slipway.core.Settings;
import dev.slipway.core.Shape;
import dev.slipway.testing.FakeModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class BatchingTest extends ServingTest {

    @Test
    void whatWaitsTogetherRunsTogetherAndEachGetsItsOwnRows() throws InterruptedException {
        serving.publish(serving.load(FakeModel.DOUBLE, 1, settings(32, 10), true));
        serving.engine.hold();
        var first = serving.send(1);
        serving.engine.awaitHeld(1);
        var second = serving.send(2, 3);
        var third = serving.send(4);
        serving.engine.release();

        assertThat(numbers(first)).containsExactly(2f);
        assertThat(numbers(second)).containsExactly(4f, 6f);
        assertThat(numbers(third)).containsExactly(8f);
        assertThat(serving.engine.batchSizes()).containsExactly(1L, 3L);
    }

    @Test
    void aRunTakesNoMoreRowsThanAllowed() throws InterruptedException {
        serving.publish(serving.load(FakeModel.DOUBLE, 1, settings(4, 10), true));
        List<CompletionStage<InferenceResponse>> answers =
                whileHeld(() -> List.of(serving.send(1, 2, 3), serving.send(4, 5), serving.send(6), serving.send(7)));
        assertThat(answers.stream().map(ServingFixture::numbers))
                .containsExactly(List.of(2f, 4f, 6f), List.of(8f, 10f), List.of(12f), List.of(14f));
        assertThat(serving.engine.batchSizes()).containsExactly(1L, 4L, 3L);
    }

    @Test
    void aRequestOfMoreRowsThanARunTakesRunsAlone() throws InterruptedException {
        serving.publish(serving.load(FakeModel.DOUBLE, 1, settings(2, 10), true));
        List<CompletionStage<InferenceResponse>> answers =
                whileHeld(() -> List.of(serving.send(1, 2, 3), serving.send(4)));
        assertThat(answers.stream().map(ServingFixture::numbers)).containsExactly(List.of(2f, 4f, 6f), List.of(8f));
        assertThat(serving.engine.batchSizes()).containsExactly(1L, 3L, 1L);
    }

    @Test
    void otherTrailingShapesDoNotShareARun() throws InterruptedException {
        serving.publish(serving.load(FakeModel.SUM, 1, settings(32, 10), true));
        ModelRef ref = ModelRef.of(MODEL);
        List<CompletionStage<InferenceResponse>> answers = whileHeld(() -> List.of(
                serving.send(1),
                serving.server.infer(ServingFixture.request(ref, serving.tensor("x", Shape.of(1, 2), 2, 3))),
                serving.send(4),
                serving.server.infer(ServingFixture.request(ref, serving.tensor("x", Shape.of(1, 2), 5, 6)))));
        assertThat(answers.stream().map(ServingFixture::numbers))
                .containsExactly(List.of(1f), List.of(5f), List.of(4f), List.of(11f));
        assertThat(serving.engine.batchSizes()).containsExactly(1L, 2L, 2L);
    }

    @Test
    void aModelOfWhichNothingIsKnownRunsRequestsOneByOne() throws InterruptedException {
        serving.publish(serving.load(FakeModel.CENTRE, 1));
        List<CompletionStage<InferenceResponse>> answers =
                whileHeld(() -> List.of(serving.send(1, 3), serving.send(10, 20)));
        assertThat(answers.stream().map(ServingFixture::numbers)).containsExactly(List.of(-1f, 1f), List.of(-5f, 5f));
        assertThat(serving.engine.batchSizes()).containsExactly(1L, 2L, 2L);
    }

    @Test
    void aDelayLetsRequestsGatherUntilItIsOverOrTheRunIsFull() {
        Settings patient = withDelay(settings(3, 10), Duration.ofMillis(5));
        serving.publish(serving.load(FakeModel.DOUBLE, 1, patient, true));
        var first = serving.send(1);
        serving.timer.advance(Duration.ofMillis(4));
        var second = serving.send(2);
        assertThat(serving.engine.runs()).isZero();
        serving.timer.advance(Duration.ofMillis(1));
        assertThat(numbers(first)).containsExactly(2f);
        assertThat(numbers(second)).containsExactly(4f);
        assertThat(numbers(serving.send(1, 2, 3))).containsExactly(2f, 4f, 6f);
        assertThat(serving.engine.batchSizes()).containsExactly(2L, 3L);
    }

    @Test
    void aRunTakesTheLargestPreferredNumberOfRowsThatWaits() throws InterruptedException {
        Settings preferring = withDelay(settings(8, 20), Duration.ZERO, 2, 4);
        serving.publish(serving.load(FakeModel.DOUBLE, 1, preferring, true));
        whileHeld(() -> List.of(
                        serving.send(1),
                        serving.send(2),
                        serving.send(3),
                        serving.send(4),
                        serving.send(5),
                        serving.send(6),
                        serving.send(7)))
                .forEach(ServingFixture::numbers);
        assertThat(serving.engine.batchSizes()).containsExactly(1L, 4L, 2L, 1L);
    }

    @Test
    void aDelayEndsWhenAPreferredNumberOfRowsWaits() {
        Settings patient = withDelay(settings(8, 10), Duration.ofMillis(5), 2);
        serving.publish(serving.load(FakeModel.DOUBLE, 1, patient, true));
        var first = serving.send(1);
        assertThat(serving.engine.runs()).isZero();
        var second = serving.send(2);
        assertThat(numbers(first)).containsExactly(2f);
        assertThat(numbers(second)).containsExactly(4f);
        var third = serving.send(3);
        serving.timer.advance(Duration.ofMillis(5));
        assertThat(numbers(third)).containsExactly(6f);
        assertThat(serving.engine.batchSizes()).containsExactly(2L, 1L);
    }

    @Test
    void aBatchThatTheEngineRefusesRunsOneByOne() throws InterruptedException {
        serving.publish(serving.load(FakeModel.DOUBLE, 1, settings(32, 10), true));
        serving.engine.hold();
        var ahead = serving.send(0);
        serving.engine.awaitHeld(1);
        var first = serving.send(1);
        var second = serving.send(2);
        serving.engine.failRuns(new Failure.ModelFailed("division by zero"));
        serving.engine.release();
        assertThat(numbers(ahead)).containsExactly(0f);
        assertThat(ServingFixture.failure(first)).isEqualTo(new Failure.ModelFailed("division by zero"));
        assertThat(ServingFixture.failure(second)).isEqualTo(new Failure.ModelFailed("division by zero"));
        assertThat(serving.engine.batchSizes()).containsExactly(1L, 2L, 1L, 1L);
    }

    @Test
    void aModelThatGivesOtherThanOneRowPerRowIsFoundOutAndNobodyIsHarmed() throws InterruptedException {
        LoadedVersion version = serving.load(FakeModel.STREAM, 1, settings(32, 10), true);
        serving.publish(version);
        List<CompletionStage<InferenceResponse>> answers = whileHeld(() -> List.of(serving.send(1), serving.send(2)));
        assertThat(answers.stream().map(ServingFixture::numbers)).containsExactly(List.of(1f), List.of(2f));
        assertThat(version.batchability()).isInstanceOf(Batchability.No.class);
    }

    private List<CompletionStage<InferenceResponse>> whileHeld(
            Supplier<List<CompletionStage<InferenceResponse>>> requests) throws InterruptedException {
        serving.engine.hold();
        var ahead = serving.send(0);
        serving.engine.awaitHeld(1);
        List<CompletionStage<InferenceResponse>> answers = requests.get();
        serving.engine.release();
        assertThat(numbers(ahead)).hasSize(1);
        return answers;
    }
}
