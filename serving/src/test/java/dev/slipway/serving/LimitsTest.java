package dev.slipway.serving;

import static dev.slipway.serving.ServingFixture.failure;
import static dev.slipway.serving.ServingFixture.numbers;
import static dev.slipway.serving.ServingFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.DataSize;
import dev.slipway.core.Failure;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.testing.FakeModel;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is refused before any work starts. */
class LimitsTest extends ServingTest {

    @Override
    ServingConfig config() {
        return new ServingConfig(
                1,
                4,
                new DataSize(1024),
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                2,
                new DataSize(Long.MAX_VALUE),
                DataSize.ofMebibytes(1));
    }

    @Test
    void aFullQueueRefusesAndSaysWhenToComeAgain() throws InterruptedException {
        serving.publish(serving.load(FakeModel.DOUBLE, 1, settings(1, 2), null));
        serving.engine.hold();
        var running = serving.send(1);
        serving.engine.awaitHeld(1);
        var first = serving.send(2);
        var second = serving.send(3);
        assertThat(failure(serving.send(4)))
                .isEqualTo(new Failure.Overloaded(
                        "2 requests wait for model 'm' version 1, the most that queue.size allows",
                        Duration.ofSeconds(3)));
        assertThat(serving.observer.told()).contains("refused overloaded");
        serving.engine.release();
        assertThat(numbers(running)).containsExactly(2f);
        assertThat(numbers(first)).containsExactly(4f);
        assertThat(numbers(second)).containsExactly(6f);
    }

    @Test
    void waitingInputsOfAllModelsShareOneBudgetOfBytes() throws InterruptedException {
        ModelName other = ModelName.of("other");
        serving.publish(serving.load(FakeModel.SUM, 1));
        serving.publish(serving.load(other, FakeModel.SUM, 1, settings(1, 10), null));
        serving.engine.hold();
        var running = serving.send(1);
        serving.engine.awaitHeld(1);
        var waiting = serving.send(new float[200]);
        var otherRunning = serving.server.infer(ServingFixture.request(ModelRef.of(other), serving.rows(1)));
        serving.engine.awaitHeld(2);
        assertThat(failure(
                        serving.server.infer(ServingFixture.request(ModelRef.of(other), serving.rows(new float[57])))))
                .isEqualTo(new Failure.Overloaded(
                        "the inputs of waiting requests hold 800 of 1024 bytes, 228 more would be too many",
                        Duration.ofSeconds(3)));
        serving.engine.release();
        assertThat(numbers(running)).hasSize(1);
        assertThat(numbers(otherRunning)).hasSize(1);
        assertThat(numbers(waiting)).hasSize(200);
        assertThat(numbers(serving.send(new float[256])))
                .as("what has run is no longer counted")
                .hasSize(256);
    }

    @Test
    void whatIsLargerThanTheBudgetWaitsAlone() throws InterruptedException {
        serving.publish(serving.load(FakeModel.SUM, 1));
        serving.engine.hold();
        var running = serving.send(1);
        serving.engine.awaitHeld(1);
        var large = serving.send(new float[1000]);
        assertThat(failure(serving.send(1))).isInstanceOf(Failure.Overloaded.class);
        serving.engine.release();
        assertThat(numbers(running)).hasSize(1);
        assertThat(numbers(large)).hasSize(1000);
    }

    @Test
    void aHeavyModelDoesNotKeepATinyOneFromRunning() throws InterruptedException {
        ModelName tiny = ModelName.of("tiny");
        serving.publish(serving.load(FakeModel.SUM, 1));
        serving.publish(serving.load(tiny, FakeModel.SUM, 1, settings(1, 10), null));
        serving.engine.hold();
        var heavy = serving.send(1);
        serving.engine.awaitHeld(1);
        var waiting = serving.send(2);
        var quick = serving.server.infer(ServingFixture.request(ModelRef.of(tiny), serving.rows(3)));
        serving.engine.awaitHeld(2);
        assertThat(serving.server.version(ModelRef.of(tiny)).statistics().running())
                .isEqualTo(1);
        serving.engine.release();
        assertThat(numbers(heavy)).hasSize(1);
        assertThat(numbers(waiting)).hasSize(1);
        assertThat(numbers(quick)).hasSize(1);
    }
}
