package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TallyTest {

    private static final long SECOND = 1_000_000_000;

    private final Span span = new Span(0, SECOND);
    private final Tally tally = new Tally(span);

    private Measurement measured() {
        return Tally.measurement(new Load.Open(10, 1), span, List.of(tally), Optional.empty());
    }

    @Test
    void whatIsAnsweredInTimeIsTheRate() {
        tally.due(0);
        tally.answered(0, SECOND / 2);
        assertThat(measured().rate()).isEqualTo(1);
    }

    @Test
    void aServerThatFallsBehindIsNotCreditedWithTheTimeThatItTakesToCatchUp() {
        for (int i = 0; i < 10; i++) {
            tally.due(i * SECOND / 10);
            tally.answered(i * SECOND / 10, (i + 1) * SECOND / 2);
        }
        assertThat(measured().rate()).isEqualTo(2);
        assertThat(measured().answered()).isEqualTo(10);
    }

    @Test
    void whatHasNoAnswerIsCounted() {
        tally.due(0);
        tally.due(SECOND / 2);
        tally.due(2 * SECOND);
        tally.answered(0, 1);
        assertThat(measured().unanswered()).isEqualTo(1);
    }
}
