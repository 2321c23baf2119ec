package dev.slipway.serving;

import static dev.slipway.serving.ServingFixture.settings;
import static dev.slipway.serving.ServingFixture.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.CountingPool;
import dev.slipway.testing.FakeModel;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class BatchingTest {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path folder;

    private ServingFixture serving;

    @BeforeEach
    void start() {
        serving = new ServingFixture(pool, folder);
    }

    @AfterEach
    void stop() {
        serving.close();
    }

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
}
