package dev.slipway.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.serving.Eviction.Holder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who leaves memory for whom. */
class EvictionTest {

    private final Holder<String> old = new Holder<>("old", 10, true, 1);
    private final Holder<String> older = new Holder<>("older", 20, true, -5);
    private final Holder<String> recent = new Holder<>("recent", 40, true, 9);
    private final Holder<String> needed = new Holder<>("needed", 100, false, -9);

    private List<String> leaving(long bytes) {
        return Eviction.of(List.of(recent, needed, old, older), bytes).stream()
                .map(Holder::who)
                .toList();
    }

    @Test
    void whoWasNotUsedForLongestLeavesFirst() {
        assertThat(leaving(1)).containsExactly("older");
        assertThat(leaving(21)).containsExactly("older", "old");
    }

    @Test
    void noMoreLeaveThanMust() {
        assertThat(leaving(20)).containsExactly("older");
        assertThat(leaving(0)).isEmpty();
    }

    @Test
    void whoIsNeededStays() {
        assertThat(leaving(70)).containsExactly("older", "old", "recent");
    }

    @Test
    void nobodyLeavesInVain() {
        assertThat(leaving(71)).isEmpty();
    }
}
