package dev.slipway.serving;

import static dev.slipway.serving.ServingFixture.failure;
import static dev.slipway.serving.ServingFixture.numbers;
import static dev.slipway.serving.ServingFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Endpoint;
import dev.slipway.core.Endpoint.Target;
import dev.slipway.core.Failure;
import dev.slipway.core.ModelRef;
import dev.slipway.core.Shape;
import dev.slipway.testing.FakeModel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A version that gets copies of requests whose callers never hear of it. */
class ShadowTest extends ServingTest {

    private LoadedVersion live;
    private LoadedVersion shadow;

    @BeforeEach
    void publish() {
        live = serving.load(FakeModel.DOUBLE, 1);
        shadow = serving.load(FakeModel.SUM, 2, settings(1, 10), null);
        serving.publish(new Endpoint(List.of(new Target(1, 1)), 2L, false), Map.of(), live, shadow);
    }

    @Test
    void theShadowAnswersACopyAndTheCallerHearsOnlyTheTarget() {
        assertThat(numbers(serving.send(3))).containsExactly(6f);
        drained();
        assertThat(shadow.statistics().inferences()).isEqualTo(1);
        assertThat(serving.observer.told()).contains("answered 1", "ran 2 rows 1", "answered 2");
    }

    @Test
    void aShadowThatFailsIsNotTheCallersTrouble() throws InterruptedException {
        serving.engine.hold();
        var answer = serving.send(3);
        serving.engine.awaitHeld(2);
        serving.engine.release();
        serving.engine.failRuns(new Failure.ModelFailed("no"));
        assertThat(numbers(answer)).containsExactly(6f);
        assertThat(failure(serving.send(1))).isEqualTo(new Failure.ModelFailed("no"));
        drained();
        assertThat(serving.observer.told()).noneMatch(told -> told.startsWith("failed 2"));
    }

    @Test
    void copiesBeyondTheLimitAreDropped() throws InterruptedException {
        serving.engine.hold();
        var first = serving.send(1);
        var second = serving.send(2);
        var third = serving.send(3);
        serving.engine.awaitHeld(2);
        serving.engine.release();
        numbers(first);
        numbers(second);
        numbers(third);
        drained();
        assertThat(shadow.statistics().success().count()).isEqualTo(2);
    }

    @Test
    void aRequestThatIsRefusedIsNotCopied() {
        assertThat(failure(serving.server.infer(ServingFixture.request(
                        ModelRef.of(ServingFixture.MODEL), serving.tensor("z", Shape.of(1, 1), 1)))))
                .isInstanceOf(Failure.BadInput.class);
        drained();
        assertThat(shadow.statistics().executions()).isZero();
    }

    private void drained() {
        serving.server.withdraw(ServingFixture.MODEL);
        live.close();
        shadow.close();
    }
}
