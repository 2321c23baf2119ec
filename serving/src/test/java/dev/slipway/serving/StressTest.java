package dev.slipway.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataSize;
import dev.slipway.core.Deadline;
import dev.slipway.core.Endpoint;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelRef;
import dev.slipway.testing.CountingPool;
import dev.slipway.testing.FakeModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Callers, deadlines, cancellations and swaps all at once: everything is answered once, rightly, and nothing leaks. */
class StressTest {

    private static final int CALLERS = 4;
    private static final int REQUESTS = 3_000;

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path folder;

    private final AtomicLong right = new AtomicLong();
    private final AtomicLong early = new AtomicLong();

    @Test
    void everyRequestIsAnsweredOnceAndRightly() throws Exception {
        ServingConfig config = new ServingConfig(
                2,
                8,
                DataSize.ofMebibytes(16),
                Duration.ofSeconds(1),
                Duration.ofSeconds(20),
                Duration.ofSeconds(30),
                4,
                new DataSize(Long.MAX_VALUE),
                DataSize.ofMebibytes(1));
        try (ServingFixture serving = new ServingFixture(pool, folder, config, new SystemTimer());
                ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            swap(serving, 1);
            List<Future<?>> done = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                RandomGenerator random = new SplittableRandom(caller);
                done.add(callers.submit(() -> call(serving, random)));
            }
            for (long version = 2; version < 40; version++) {
                swap(serving, version);
            }
            for (Future<?> caller : done) {
                caller.get();
            }
            assertThat(right.get() + early.get()).isEqualTo((long) CALLERS * REQUESTS);
            assertThat(right.get()).isPositive();
        }
    }

    private static void swap(ServingFixture serving, long version) {
        LoadedVersion fresh =
                serving.load(ServingFixture.MODEL, FakeModel.DOUBLE, version, ServingFixture.settings(8, 10_000), true);
        serving.publish(new Endpoint(List.of(new Endpoint.Target(version, 1)), version, false), Map.of(), fresh);
    }

    private void call(ServingFixture serving, RandomGenerator random) {
        List<Float> values = new ArrayList<>();
        List<CompletionStage<InferenceResponse>> answers = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            float value = random.nextInt(1000);
            values.add(value);
            Cancellation cancellation = new Cancellation();
            Deadline deadline =
                    random.nextInt(10) == 0 ? new Deadline(System.nanoTime() + random.nextInt(2_000_000)) : null;
            answers.add(serving.server.infer(ServingFixture.request(
                    ModelRef.of(ServingFixture.MODEL), deadline, null, cancellation, serving.rows(value))));
            if (random.nextInt(10) == 0) {
                cancellation.cancel(new Failure.Cancelled("the caller has gone"));
            }
            if (answers.size() == 50) {
                check(values, answers);
            }
        }
        check(values, answers);
    }

    private void check(List<Float> values, List<CompletionStage<InferenceResponse>> answers) {
        for (int i = 0; i < answers.size(); i++) {
            try (InferenceResponse response = ServingFixture.await(answers.get(i))) {
                assertThat(ServingFixture.numbers(response)).containsExactly(2 * values.get(i));
                right.incrementAndGet();
            } catch (CompletionException e) {
                assertThat(FailureException.of(e))
                        .isInstanceOfAny(Failure.Cancelled.class, Failure.DeadlineExceeded.class);
                early.incrementAndGet();
            }
        }
        values.clear();
        answers.clear();
    }
}
