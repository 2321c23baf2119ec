package dev.slipway.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.CountingPool;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A test with a server on the fake engine, which ends without a live lease or session. */
abstract class ServingTest {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path folder;

    ServingFixture serving;

    ServingConfig config() {
        return ServingFixture.config();
    }

    @BeforeEach
    void start() {
        serving = new ServingFixture(pool, folder, config());
    }

    @AfterEach
    void stop() {
        serving.close();
        assertThat(serving.engine.liveSessions()).as("sessions after the end").isZero();
    }
}
