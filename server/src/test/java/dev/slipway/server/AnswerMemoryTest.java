package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.json.JsonWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A limit of 1 MB for each answer, and of 1 MB, a quarter of the heap, for all. */
class AnswerMemoryTest {

    private static final int MOST = 1_000_000;

    private final Metrics metrics = new Metrics();
    private final AnswerMemory memory = new AnswerMemory(MOST, 4L * MOST, metrics);

    @AfterEach
    void stop() {
        metrics.close();
    }

    private static Class<?> kind(Runnable grows) {
        try {
            grows.run();
            return Void.class;
        } catch (FailureException e) {
            assertThat(e.failure().detail()).contains("" + MOST);
            return e.failure().getClass();
        }
    }

    @Test
    void aSmallAnswerIsNotCounted() {
        memory.part().next(8_000, 12_000);
        assertThat(memory.held()).isZero();
    }

    @Test
    void anArrayCountsWithTheOneThatItIsCopiedFrom() {
        AnswerMemory.Part part = memory.part();
        assertThat(part.next(20_000, 20_001)).isEqualTo(30_000);
        assertThat(memory.held()).isEqualTo(50_000);
        assertThat(part.next(30_000, 90_000)).isEqualTo(90_000);
        assertThat(memory.held()).isEqualTo(120_000);

        part.close();
        part.close();
        assertThat(memory.held()).isZero();
    }

    @Test
    void oneAnswerHasALimitAndAllTogether() {
        AnswerMemory one = new AnswerMemory(MOST, 400L * MOST, metrics);
        assertThat(one.part().next(900_000, 900_001)).isEqualTo(MOST);
        assertThat(kind(() -> one.part().next(MOST, MOST + 1))).isEqualTo(Failure.TooLarge.class);

        assertThat(kind(() -> memory.part().next(500_000, 600_000))).isEqualTo(Failure.TooLarge.class);
        AnswerMemory.Part first = memory.part();
        first.next(200_000, 400_000);
        assertThat(kind(() -> memory.part().next(200_000, 400_000))).isEqualTo(Failure.Overloaded.class);
        first.close();
        assertThat(kind(() -> memory.part().next(200_000, 400_000))).isEqualTo(Void.class);
        assertThat(memory.held()).isEqualTo(600_000);
    }

    @Test
    void anAnswerThatNobodyWaitsForGrowsNoMore() {
        AnswerMemory.Part part = memory.part();
        part.close();
        assertThatThrownBy(() -> new JsonWriter(part).value("x".repeat(1000)))
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.Cancelled.class));
    }
}
