package dev.slipway.serving;

import static dev.slipway.serving.ServingFixture.failure;
import static dev.slipway.serving.ServingFixture.numbers;
import static dev.slipway.serving.ServingFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Failure;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelRef;
import dev.slipway.core.QueueSettings;
import dev.slipway.core.QueueSettings.Policy;
import dev.slipway.core.QueueSettings.TimeoutAction;
import dev.slipway.testing.FakeModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Requests that wait behind a held run, each for a run of its own. */
class QueuePolicyTest extends ServingTest {

    private static final Duration PATIENCE = Duration.ofMillis(10);

    private final List<Float> order = Collections.synchronizedList(new ArrayList<>());

    private static QueueSettings levels(int levels, int otherwise, Policy policy, Map<Integer, Policy> policies) {
        return new QueueSettings(10, levels, otherwise, policy, policies);
    }

    private CompletionStage<InferenceResponse> holdBehind(QueueSettings queue, int maxSize)
            throws InterruptedException {
        serving.publish(serving.load(FakeModel.DOUBLE, 1, settings(maxSize, 10).withQueue(queue), true));
        serving.engine.hold();
        var ahead = serving.send(0);
        serving.engine.awaitHeld(1);
        return ahead;
    }

    private CompletionStage<InferenceResponse> send(float row, Object priority) {
        InferenceRequest request = new InferenceRequest(
                ModelRef.of(ServingFixture.MODEL),
                "id",
                List.of(serving.rows(row)),
                List.of(),
                null,
                Map.of("priority", priority),
                null,
                new Cancellation());
        return serving.server.infer(request).whenComplete((answer, error) -> {
            if (error == null) {
                order.add(row);
            }
        });
    }

    @Test
    void aHigherPriorityGoesBeforeALowerOne() throws InterruptedException {
        var ahead = holdBehind(levels(3, 2, Policy.NONE, Map.of()), 1);
        var answers = List.of(send(3, 3L), send(2, 2L), send(1, 1L), send(1.5f, 1L));
        serving.engine.release();
        assertThat(numbers(ahead)).containsExactly(0f);
        answers.forEach(ServingFixture::numbers);
        assertThat(order).containsExactly(1f, 1.5f, 2f, 3f);
    }

    @Test
    void aPriorityThatIsNoneOfTheLevelsIsTheDefault() throws InterruptedException {
        var ahead = holdBehind(levels(3, 2, Policy.NONE, Map.of()), 1);
        var answers = List.of(send(3, 3L), send(20, 0L), send(21, 4L), send(22, "high"), send(23, -1L), send(1, 1L));
        serving.engine.release();
        assertThat(numbers(ahead)).containsExactly(0f);
        answers.forEach(ServingFixture::numbers);
        assertThat(order).containsExactly(1f, 20f, 21f, 22f, 23f, 3f);
    }

    @Test
    void aRunIsFilledFromLowerPriorities() throws InterruptedException {
        var ahead = holdBehind(levels(2, 2, Policy.NONE, Map.of()), 3);
        var answers = List.of(send(1, 2L), send(2, 2L), send(3, 2L), send(4, 1L));
        serving.engine.release();
        assertThat(numbers(ahead)).containsExactly(0f);
        answers.forEach(ServingFixture::numbers);
        assertThat(serving.engine.batchSizes()).containsExactly(1L, 3L, 1L);
        assertThat(order.getLast()).isEqualTo(3f);
    }

    @Test
    void aPriorityHasAsManyPlacesAsItsPolicySays() throws InterruptedException {
        Policy few = new Policy(1, Duration.ZERO, TimeoutAction.REJECT);
        var ahead = holdBehind(levels(2, 2, Policy.NONE, Map.of(1, few)), 1);
        var first = send(1, 1L);
        assertThat(failure(send(2, 1L)))
                .isEqualTo(new Failure.Overloaded(
                        "1 requests of priority 1 wait for model 'm' version 1, the most that the queue's policy for it"
                                + " allows",
                        Duration.ofSeconds(1)));
        var other = send(3, 2L);
        serving.engine.release();
        assertThat(List.of(numbers(ahead), numbers(first), numbers(other)))
                .containsExactly(List.of(0f), List.of(2f), List.of(6f));
    }

    @Test
    void whatHasWaitedTooLongIsRefused() throws InterruptedException {
        Policy impatient = new Policy(0, PATIENCE, TimeoutAction.REJECT);
        var ahead = holdBehind(levels(0, 0, impatient, Map.of()), 1);
        var late = send(1, 0L);
        serving.timer.advance(PATIENCE.dividedBy(2));
        var inTime = send(2, 0L);
        serving.timer.advance(PATIENCE.dividedBy(2));
        assertThat(failure(late))
                .isEqualTo(new Failure.Overloaded(
                        "the request waited for 10 ms, the longest that the queue's policy allows, for model 'm' version 1",
                        Duration.ofSeconds(1)));
        serving.engine.release();
        assertThat(numbers(ahead)).as("what runs is not refused").containsExactly(0f);
        assertThat(numbers(inTime)).containsExactly(4f);
    }

    @Test
    void whatHasWaitedTooLongIsDelayedBehindItsPriorityWhereThePolicySaysSo() throws InterruptedException {
        Policy patient = new Policy(0, PATIENCE, TimeoutAction.DELAY);
        var ahead = holdBehind(levels(2, 2, patient, Map.of()), 1);
        var late = send(1, 1L);
        serving.timer.advance(PATIENCE);
        var answers = List.of(send(3, 2L), send(2, 1L));
        serving.engine.release();
        assertThat(numbers(ahead)).containsExactly(0f);
        assertThat(numbers(late)).containsExactly(2f);
        answers.forEach(ServingFixture::numbers);
        assertThat(order).containsExactly(2f, 1f, 3f);
    }
}
