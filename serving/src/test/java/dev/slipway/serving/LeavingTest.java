package dev.slipway.serving;

import static dev.slipway.serving.ServingFixture.MODEL;
import static dev.slipway.serving.ServingFixture.failure;
import static dev.slipway.serving.ServingFixture.numbers;
import static dev.slipway.serving.ServingFixture.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelRef;
import dev.slipway.testing.FakeModel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Versions that are swapped out, withdrawn or closed, and the server's own end. */
class LeavingTest extends ServingTest {

    @Test
    void aVersionThatLeavesAnswersWhatItHasAcceptedAndUnloadsAfterwards() throws InterruptedException {
        LoadedVersion old = serving.load(FakeModel.DOUBLE, 1);
        serving.publish(old);
        serving.engine.hold();
        var running = serving.send(1);
        serving.engine.awaitHeld(1);
        var waiting = serving.send(2);
        LoadedVersion fresh = serving.load(FakeModel.SUM, 2);
        serving.publish(fresh);
        assertThat(old.state()).isEqualTo(VersionState.UNLOADING);
        assertThat(serving.engine.liveSessions()).isEqualTo(2);
        serving.engine.release();
        assertThat(numbers(running)).containsExactly(2f);
        assertThat(version(waiting)).isEqualTo(1);
        old.close();
        assertThat(old.state()).isEqualTo(VersionState.UNLOADED);
        assertThat(serving.engine.liveSessions()).isEqualTo(1);
        assertThat(serving.observer.told()).contains("unloaded 1").doesNotContain("unloaded 2");
        assertThat(numbers(serving.send(3))).containsExactly(3f);
    }

    @Test
    void whatIsNotPublishedAnyMoreIsRemovedOnceNothingOfItIsLeft() throws InterruptedException {
        LoadedVersion old = serving.load(FakeModel.DOUBLE, 1);
        serving.publish(old);
        LoadedVersion again = serving.load(FakeModel.DOUBLE, 1);
        serving.publish(again);
        old.close();
        assertThat(serving.observer.told()).as("other settings").doesNotContain("removed 1");
        serving.engine.hold();
        var running = serving.send(1);
        serving.engine.awaitHeld(1);
        serving.server.withdraw(MODEL);
        assertThat(serving.observer.told()).as("it still runs").doesNotContain("removed 1");
        serving.engine.release();
        assertThat(numbers(running)).containsExactly(2f);
        again.close();
        assertThat(serving.observer.told()).containsOnlyOnce("removed 1");
    }

    @Test
    void underLoadTwoHundredSwapsLoseNothingAndMixNothing() {
        Queue<CompletionStage<InferenceResponse>> answers = new ArrayDeque<>();
        long answered = 0;
        for (long swap = 1; swap <= 200; swap++) {
            FakeModel model = swap % 2 == 0 ? FakeModel.DOUBLE : FakeModel.SUM;
            serving.publish(serving.load(MODEL, model, swap, ServingFixture.settings(8, 1024), true));
            for (int i = 0; i < 20; i++) {
                answers.add(serving.send(i, (float) swap));
            }
            while (answers.size() > 100) {
                requireOneVersion(answers.remove());
                answered++;
            }
        }
        for (CompletionStage<InferenceResponse> answer : answers) {
            requireOneVersion(answer);
            answered++;
        }
        assertThat(answered).isEqualTo(4000);
        assertThat(serving.observer.told()).noneMatch(told -> told.startsWith("failed") || told.startsWith("refused"));
    }

    private static void requireOneVersion(CompletionStage<InferenceResponse> stage) {
        try (InferenceResponse answer = ServingFixture.await(stage)) {
            float factor = answer.version() % 2 == 0 ? 2 : 1;
            assertThat(ServingFixture.numbers(answer).getLast()).isEqualTo(factor * (float) answer.version());
        }
    }

    @Test
    void aWithdrawnModelIsGoneAtOnceAndUnloads() {
        LoadedVersion version = serving.load(FakeModel.DOUBLE, 1);
        serving.publish(version);
        serving.server.withdraw(MODEL);
        assertThat(failure(serving.send(1))).isInstanceOf(Failure.ModelNotFound.class);
        assertThatThrownBy(() -> serving.server.version(ModelRef.of(MODEL))).hasMessage("there is no model 'm'");
        version.close();
        assertThat(serving.engine.liveSessions()).isZero();
    }

    @Test
    void aVersionThatNobodyPublishedAnswersOnlyThoseWhoHoldIt() {
        LoadedVersion version = serving.load(FakeModel.DOUBLE, 1);
        assertThat(numbers(version.infer(serving.request(4)))).containsExactly(8f);
        version.close();
        assertThat(failure(version.infer(serving.request(4))))
                .isEqualTo(new Failure.NotReady("model 'm' version 1 is unloading"));
        assertThat(serving.engine.liveSessions()).isZero();
    }

    @Test
    void aRunThatDoesNotEndKeepsItsVersionAndIsNeverClosedUnder() throws InterruptedException {
        LoadedVersion version = serving.load(FakeModel.DOUBLE, 1);
        serving.publish(version);
        serving.engine.hold();
        serving.engine.ignoreCancellation(true);
        var stuck = serving.send(1);
        serving.engine.awaitHeld(1);
        serving.server.withdraw(MODEL);
        serving.timer.advance(Duration.ofSeconds(10));
        assertThat(version.state()).isEqualTo(VersionState.UNLOADING);
        assertThat(serving.server.overdue()).isEqualTo(1);
        assertThat(serving.engine.liveSessions()).isEqualTo(1);
        serving.engine.release();
        assertThat(numbers(stuck)).containsExactly(2f);
        version.close();
        assertThat(serving.server.overdue()).isZero();
    }

    @Test
    void aDrainingServerRefusesNewRequestsAndAnswersTheAcceptedOnes() throws InterruptedException {
        serving.publish(serving.load(FakeModel.DOUBLE, 1));
        serving.engine.hold();
        var running = serving.send(1);
        serving.engine.awaitHeld(1);
        var waiting = serving.send(2);
        assertThat(serving.server.drain(Duration.ZERO))
                .as("two are not answered yet")
                .isFalse();
        assertThat(failure(serving.send(3))).isEqualTo(new Failure.NotReady("the server is shutting down"));
        serving.engine.release();
        assertThat(serving.server.drain(Duration.ofSeconds(10))).isTrue();
        assertThat(numbers(running)).containsExactly(2f);
        assertThat(numbers(waiting)).containsExactly(4f);
    }
}
