package dev.slipway.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Settings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TuningCandidatesTest {

    private static List<String> described(List<Settings> candidates) {
        return candidates.stream()
                .map(one -> one.instances() + "x" + one.intraOpThreads() + "/"
                        + one.batching().maxSize())
                .toList();
    }

    @Test
    void instancesTimesThreadsStayWithinTheCores() {
        assertThat(described(TuningCandidates.of(Settings.DEFAULT, 6, false)))
                .containsExactly(
                        "0x0/32", "1x1/32", "2x1/32", "4x1/32", "6x1/32", "1x2/32", "2x2/32", "3x2/32", "1x4/32",
                        "1x6/32");
    }

    @Test
    void whatMayShareARunIsTriedWithMoreAndFewerRows() {
        assertThat(described(TuningCandidates.of(Settings.DEFAULT, 1, true)))
                .containsExactly("0x0/32", "1x1/1", "1x1/8", "1x1/32", "1x1/128");
    }

    @Test
    void whatIsNotSearchedForStays() {
        Settings present =
                Settings.DEFAULT.withBatching(new Settings.Batching(64, Duration.ofMillis(2), List.of(8, 64)));
        assertThat(TuningCandidates.of(present, 1, true).get(2).batching())
                .isEqualTo(new Settings.Batching(8, Duration.ofMillis(2), List.of(8)));
    }
}
