package dev.slipway.serving;

import static dev.slipway.serving.ServingFixture.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.InferenceResponse;
import dev.slipway.core.Settings;
import dev.slipway.testing.FakeModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Brief runs stay on the event loop that has read their requests. On the fake timer a run takes no time at all. */
class LoopRunsTest extends ServingTest {

    /** Cores enough that a thread which has not quite left its run is in nobody's way. */
    @Override
    ServingConfig config() {
        return ServingConfig.forCores(4);
    }

    private void serve(int maxSize, int instances) {
        Settings settings = ServingFixture.settings(maxSize, 100).withParallelism(instances, 1);
        serving.publish(serving.load(FakeModel.DOUBLE, 1, settings, true));
    }

    /** Lets runs for inputs as large as these become known as brief. */
    private void know(float... rows) {
        for (int i = 0; i < 32; i++) {
            assertThat(numbers(serving.send(rows))).hasSize(rows.length);
        }
    }

    private List<CompletionStage<InferenceResponse>> turn(float... each) {
        List<CompletionStage<InferenceResponse>> answers = new ArrayList<>();
        serving.loop.turn(() -> {
            for (float row : each) {
                answers.add(serving.send(row));
            }
        });
        return answers;
    }

    private static boolean answered(CompletionStage<InferenceResponse> answer) {
        return answer.toCompletableFuture().isDone();
    }

    @Test
    void whatOneTurnReadsSharesARunAtItsEnd() {
        serve(32, 4);
        know(1);
        know(1, 2, 3);
        var answers = turn(4, 5, 6);
        assertThat(answers).allMatch(LoopRunsTest::answered);
        assertThat(answers.stream().map(ServingFixture::numbers))
                .containsExactly(List.of(8f), List.of(10f), List.of(12f));
        assertThat(serving.engine.batchSizes().getLast()).isEqualTo(3);
    }

    @Test
    void whatIsNotKnownToBeBriefLeavesTheLoop() throws InterruptedException {
        serve(32, 4);
        serving.engine.hold();
        var answer = turn(1).getFirst();
        serving.engine.awaitHeld(1);
        assertThat(answered(answer)).isFalse();
        serving.engine.release();
        assertThat(numbers(answer)).containsExactly(2f);
    }

    @Test
    void manyBriefRequestsTogetherLeaveTheLoopWhenTheirRunIsNotKnownToBeBrief() {
        serve(32, 4);
        know(1);
        assertThat(turn(4, 5, 6).stream().map(ServingFixture::numbers))
                .containsExactly(List.of(8f), List.of(10f), List.of(12f));
        assertThat(serving.engine.batchSizes().getLast()).isEqualTo(3);
    }

    @Test
    void aModelWhoseRunsTakeAsLongAsValuesSayLeavesTheLoop() throws InterruptedException {
        serving.engine.steady(false);
        serve(32, 4);
        know(1);
        serving.engine.hold();
        var answer = turn(1).getFirst();
        serving.engine.awaitHeld(1);
        serving.engine.release();
        assertThat(numbers(answer)).containsExactly(2f);
    }

    @Test
    void whatOneRunDoesNotTakeIsHandedOver() {
        serve(2, 4);
        know(1);
        know(1, 2);
        var answers = turn(1, 2, 3);
        assertThat(answers.stream().limit(2)).allMatch(LoopRunsTest::answered);
        assertThat(Stream.concat(answers.stream(), Stream.of(serving.send(4))).map(ServingFixture::numbers))
                .containsExactly(List.of(2f), List.of(4f), List.of(6f), List.of(8f));
    }

    @Test
    void aLoopDoesNotExceedTheInstances() throws InterruptedException {
        serve(32, 1);
        know(1);
        serving.engine.hold();
        var ahead = serving.send(1, 2, 3);
        serving.engine.awaitHeld(1);
        var answer = turn(4).getFirst();
        assertThat(answered(answer)).isFalse();
        serving.engine.release();
        assertThat(numbers(ahead)).hasSize(3);
        assertThat(numbers(answer)).containsExactly(8f);
    }
}
