package dev.slipway.verify.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} at any moment of deploys, promotions and rollbacks. */
class CrashTest {

    @TempDir
    private Path home;

    @Test
    void twentyKillsLoseNothingAcknowledgedAndLeaveNothingHalfDone() throws Exception {
        run(20, 20);
    }

    @Test
    @Tag("long")
    void fiveHundredKillsLoseNothingAcknowledgedAndLeaveNothingHalfDone() throws Exception {
        CrashRounds rounds = run(500, 500);
        assertThat(rounds.done()).as("changes that a kill came too late for").isPositive();
        assertThat(rounds.undone()).as("changes that a kill came in time for").isPositive();
    }

    private CrashRounds run(int count, long seed) throws Exception {
        CrashRounds rounds = new CrashRounds(home, seed);
        for (int i = 0; i < count; i++) {
            rounds.round();
        }
        rounds.last();
        return rounds;
    }
}
