package dev.slipway.serving;

import static dev.slipway.serving.ServingFixture.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.DataSize;
import dev.slipway.core.Failure;
import dev.slipway.testing.FakeModel;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of a server whose versions may take a day to leave. */
class ClosingTest extends ServingTest {

    @Override
    ServingConfig config() {
        return new ServingConfig(
                1,
                4,
                DataSize.ofMebibytes(1),
                Duration.ofSeconds(1),
                Duration.ofDays(1),
                Duration.ofSeconds(30),
                2,
                new DataSize(Long.MAX_VALUE),
                DataSize.ofMebibytes(1));
    }

    @Test
    @Timeout(60)
    void waitsNoLongerThanItsCallerDoes() throws InterruptedException {
        serving.publish(serving.load(FakeModel.DOUBLE, 1));
        serving.engine.hold();
        var running = serving.send(1);
        serving.engine.awaitHeld(1);
        var waiting = serving.send(2);
        serving.server.close(Duration.ZERO);
        Failure leaving = new Failure.NotReady("the server is shutting down");
        assertThat(failure(running)).isEqualTo(leaving);
        assertThat(failure(waiting)).isEqualTo(leaving);
        assertThat(serving.engine.liveSessions()).isZero();
    }
}
