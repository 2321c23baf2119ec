package dev.slipway.serving;

import static dev.slipway.serving.ServingFixture.MODEL;
import static dev.slipway.serving.ServingFixture.failure;
import static dev.slipway.serving.ServingFixture.numbers;
import static dev.slipway.serving.ServingFixture.settings;
import static dev.slipway.serving.ServingFixture.withDelay;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Deadline;
import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelRef;
import dev.slipway.testing.FakeModel;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests whose time is over or whose caller has gone, while they wait and while they run. */
class EndingEarlyTest extends ServingTest {

    private LoadedVersion version;

    @BeforeEach
    void publish() {
        version = serving.load(FakeModel.DOUBLE, 1, settings(32, 2), true);
        serving.publish(version);
    }

    private CompletionStage<InferenceResponse> sendUntil(Duration left, Cancellation cancellation, float... rows) {
        Deadline deadline = new Deadline(serving.timer.nanoTime() + left.toNanos());
        return serving.server.infer(
                ServingFixture.request(ModelRef.of(MODEL), deadline, null, cancellation, serving.rows(rows)));
    }

    private CompletionStage<InferenceResponse> sendWith(Cancellation cancellation, float... rows) {
        return serving.server.infer(
                ServingFixture.request(ModelRef.of(MODEL), null, null, cancellation, serving.rows(rows)));
    }

    @Test
    void aRequestThatWaitedTooLongIsAnsweredAndNeverRuns() throws InterruptedException {
        serving.engine.hold();
        var running = serving.send(1);
        serving.engine.awaitHeld(1);
        var late = sendUntil(Duration.ofMillis(20), new Cancellation(), 2);
        serving.timer.advance(Duration.ofMillis(20));
        assertThat(failure(late))
                .isEqualTo(new Failure.DeadlineExceeded("model 'm' version 1 gave no answer within 20 ms"));
        serving.engine.release();
        assertThat(numbers(running)).containsExactly(2f);
        assertThat(serving.engine.batchSizes()).containsExactly(1L);
    }

    @Test
    void aRequestThatComesAfterItsDeadlineNeverRuns() {
        assertThat(failure(sendUntil(Duration.ofMillis(-1), new Cancellation(), 1)))
                .isInstanceOf(Failure.DeadlineExceeded.class);
        assertThat(serving.engine.runs()).isZero();
    }

    @Test
    void theVersionsTimeoutHoldsForRequestsWithoutADeadline() throws InterruptedException {
        serving.engine.hold();
        var answer = serving.send(1);
        serving.engine.awaitHeld(1);
        serving.timer.advance(Duration.ofSeconds(60));
        assertThat(failure(answer)).isInstanceOf(Failure.DeadlineExceeded.class);
    }

    @Test
    void atTheDeadlineTheCallerIsAnsweredThoughTheRunGoesOn() throws InterruptedException {
        serving.engine.hold();
        serving.engine.ignoreCancellation(true);
        var answer = sendUntil(Duration.ofMillis(20), new Cancellation(), 1);
        serving.engine.awaitHeld(1);
        serving.timer.advance(Duration.ofMillis(20));
        assertThat(failure(answer)).isInstanceOf(Failure.DeadlineExceeded.class);
        assertThat(pool.leases()).as("the run still reads its input").isEqualTo(1);
        assertThat(version.statistics().running()).isEqualTo(1);
    }

    @Test
    void aRunThatNobodyWaitsForIsEnded() throws InterruptedException {
        serving.engine.hold();
        var answer = sendUntil(Duration.ofMillis(20), new Cancellation(), 1);
        serving.engine.awaitHeld(1);
        serving.timer.advance(Duration.ofMillis(20));
        assertThat(failure(answer)).isInstanceOf(Failure.DeadlineExceeded.class);
        version.close();
        assertThat(serving.engine.liveSessions())
                .as("drained though the engine is held")
                .isZero();
    }

    @Test
    void aCallerThatLeavesARunningBatchLeavesTheOthersTheirAnswers() throws InterruptedException {
        gatherFor(Duration.ofMillis(5));
        serving.engine.hold();
        Cancellation cancellation = new Cancellation();
        var gone = sendWith(cancellation, 1);
        var staying = serving.send(2);
        serving.timer.advance(Duration.ofMillis(5));
        serving.engine.awaitHeld(1);
        cancellation.cancel(new Failure.Cancelled("the client has gone"));
        assertThat(failure(gone)).isEqualTo(new Failure.Cancelled("the client has gone"));
        serving.engine.release();
        assertThat(numbers(staying)).containsExactly(4f);
        assertThat(serving.engine.batchSizes()).containsExactly(2L);
    }

    @Test
    void aBatchEndsWhenItsLastCallerHasLeft() throws InterruptedException {
        gatherFor(Duration.ofMillis(5));
        serving.engine.hold();
        Cancellation cancellation = new Cancellation();
        var gone = sendWith(cancellation, 1);
        var late = sendUntil(Duration.ofMillis(20), new Cancellation(), 2);
        serving.timer.advance(Duration.ofMillis(5));
        serving.engine.awaitHeld(1);
        cancellation.cancel(new Failure.Cancelled("the client has gone"));
        assertThat(failure(gone)).isInstanceOf(Failure.Cancelled.class);
        serving.timer.advance(Duration.ofMillis(15));
        assertThat(failure(late)).isInstanceOf(Failure.DeadlineExceeded.class);
        version.close();
        assertThat(serving.engine.liveSessions())
                .as("drained though the engine is held")
                .isZero();
    }

    private void gatherFor(Duration delay) {
        version = serving.load(FakeModel.DOUBLE, 2, withDelay(settings(32, 2), delay), true);
        serving.publish(version);
    }

    @Test
    void aCallerThatLeavesTheQueueFreesItsPlace() throws InterruptedException {
        serving.engine.hold();
        var running = serving.send(0);
        serving.engine.awaitHeld(1);
        Cancellation cancellation = new Cancellation();
        var gone = sendWith(cancellation, 1);
        var waiting = serving.send(2);
        assertThat(failure(serving.send(3))).isInstanceOf(Failure.Overloaded.class);
        cancellation.cancel(new Failure.Cancelled("the client has gone"));
        assertThat(failure(gone)).isEqualTo(new Failure.Cancelled("the client has gone"));
        var next = serving.send(4);
        serving.engine.release();
        assertThat(numbers(running)).containsExactly(0f);
        assertThat(numbers(waiting)).containsExactly(4f);
        assertThat(numbers(next)).containsExactly(8f);
        assertThat(serving.engine.batchSizes()).containsExactly(1L, 2L);
    }

    @Test
    void aRequestWhoseCallerHadGoneBeforeNeverRuns() {
        Cancellation cancellation = new Cancellation();
        cancellation.cancel(new Failure.Cancelled("the client has gone"));
        serving.engine.hold();
        assertThat(failure(sendWith(cancellation, 1))).isInstanceOf(Failure.Cancelled.class);
    }

    @Test
    void answeredRequestsLeaveNoAlarm() {
        assertThat(numbers(serving.send(1))).containsExactly(2f);
        version.close();
        assertThat(serving.timer.alarms()).isZero();
    }
}
