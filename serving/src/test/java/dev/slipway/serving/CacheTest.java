package dev.slipway.serving;

import static dev.slipway.serving.ServingFixture.MODEL;
import static dev.slipway.serving.ServingFixture.failure;
import static dev.slipway.serving.ServingFixture.numbers;
import static dev.slipway.serving.ServingFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Deadline;
import dev.slipway.core.Endpoint;
import dev.slipway.core.Failure;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelRef;
import dev.slipway.core.ResponseSink;
import dev.slipway.core.Settings;
import dev.slipway.core.Shape;
import dev.slipway.testing.FakeModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that are kept for requests with the same inputs, and runs that such requests share. */
@Timeout(60)
class CacheTest extends ServingTest {

    private static final Failure GONE = new Failure.Cancelled("gone");

    private static Settings keeping() {
        return ServingFixture.settings(1, 2).withCache(true);
    }

    private LoadedVersion serve(FakeModel model) {
        LoadedVersion version = serving.load(model, 1, keeping(), null);
        serving.publish(version);
        return version;
    }

    private CompletionStage<InferenceResponse> send(
            @Nullable Deadline deadline, Cancellation cancellation, float value) {
        return serving.server.infer(request(ModelRef.of(MODEL), deadline, null, cancellation, serving.rows(value)));
    }

    private int runs() {
        return serving.engine.runs();
    }

    @Test
    void whatWasAnsweredIsNotRunAgain() {
        LoadedVersion version = serve(FakeModel.DOUBLE);
        int before = runs();

        for (int i = 0; i < 3; i++) {
            assertThat(numbers(serving.send(1, 2))).containsExactly(2f, 4f);
        }

        assertThat(runs() - before).isEqualTo(1);
        VersionStatistics statistics = version.statistics();
        assertThat(statistics.success().count()).isEqualTo(3);
        assertThat(statistics.cacheMiss().count()).isEqualTo(1);
        assertThat(statistics.cacheHit().count()).isEqualTo(2);
        assertThat(statistics.inferences()).isEqualTo(2);
        assertThat(statistics.executions()).isEqualTo(1);
        assertThat(serving.observer.told()).contains("miss 1", "hit 1", "answered 1");
        assertThat(serving.server.cache().bytes()).isEqualTo(512 + 8);
    }

    @Test
    void eachCallerGetsItsOwnId() {
        serve(FakeModel.DOUBLE);
        numbers(serving.send(1));
        InferenceRequest second = new InferenceRequest(
                ModelRef.of(MODEL),
                "second",
                List.of(serving.rows(1)),
                List.of(),
                null,
                Map.of(),
                null,
                new Cancellation());
        try (InferenceResponse response = ServingFixture.await(serving.server.infer(second))) {
            assertThat(response.id()).isEqualTo("second");
            assertThat(response.outputs().getFirst().name()).isEqualTo("y");
        }
    }

    @Test
    void nothingIsKeptUnlessTheSettingsSaySo() {
        serving.publish(serving.load(FakeModel.DOUBLE, 1));
        int before = runs();
        numbers(serving.send(1));
        numbers(serving.send(1));
        assertThat(runs() - before).isEqualTo(2);
        assertThat(serving.server.cache().bytes()).isZero();
    }

    @Test
    void requestsThatDifferInAnythingAreDifferent() {
        serve(FakeModel.DOUBLE);
        int before = runs();
        numbers(serving.send(1, 2));
        numbers(serving.send(2, 1));
        numbers(serving.server.infer(request(ModelRef.of(MODEL), serving.tensor("x", Shape.of(1, 2), 1, 2))));
        numbers(serving.send(0f));
        assertThat(numbers(serving.send(-0f))).containsExactly(-0f);
        assertThat(runs() - before).isEqualTo(5);
    }

    @Test
    void requestsUnderWayShareARun() throws Exception {
        LoadedVersion version = serve(FakeModel.DOUBLE);
        int before = runs();
        serving.engine.hold();
        List<CompletionStage<InferenceResponse>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(serving.send(3));
        }
        serving.engine.awaitHeld(1);
        serving.engine.release();
        answers.forEach(answer -> assertThat(numbers(answer)).containsExactly(6f));
        assertThat(runs() - before).isEqualTo(1);
        assertThat(version.statistics().cacheHit().count()).isEqualTo(4);
    }

    @Test
    void whoeverBeganTheRunMayLeaveIt() throws Exception {
        serve(FakeModel.DOUBLE);
        serving.engine.hold();
        Cancellation cancellation = new Cancellation();
        CompletionStage<InferenceResponse> first = send(null, cancellation, 3);
        CompletionStage<InferenceResponse> second = serving.send(3);
        serving.engine.awaitHeld(1);

        cancellation.cancel(GONE);

        assertThat(failure(first)).isEqualTo(GONE);
        serving.engine.release();
        assertThat(numbers(second)).containsExactly(6f);
    }

    @Test
    void aDeadlineHoldsForItsCallerAlone() throws Exception {
        LoadedVersion version = serve(FakeModel.DOUBLE);
        serving.engine.hold();
        CompletionStage<InferenceResponse> first = serving.send(3);
        CompletionStage<InferenceResponse> hasty =
                send(new Deadline(serving.timer.nanoTime() + 1_000_000_000L), new Cancellation(), 3);
        serving.engine.awaitHeld(1);

        serving.timer.advance(Duration.ofSeconds(2));

        assertThat(failure(hasty)).isInstanceOf(Failure.DeadlineExceeded.class);
        serving.engine.release();
        assertThat(numbers(first)).containsExactly(6f);
        assertThat(version.statistics().fail().count()).isEqualTo(1);
    }

    @Test
    void theRunEndsWhenNobodyWaitsAndTheNextOneBeginsAnew() throws Exception {
        serve(FakeModel.DOUBLE);
        int before = runs();
        serving.engine.hold();
        List<Cancellation> cancellations = List.of(new Cancellation(), new Cancellation());
        List<CompletionStage<InferenceResponse>> answers =
                cancellations.stream().map(each -> send(null, each, 3)).toList();
        serving.engine.awaitHeld(1);

        cancellations.forEach(each -> each.cancel(GONE));

        answers.forEach(answer -> assertThat(failure(answer)).isEqualTo(GONE));
        serving.engine.release();
        assertThat(numbers(serving.send(3))).containsExactly(6f);
        assertThat(runs() - before).isEqualTo(2);
    }

    @Test
    void aFailureIsToldToAllAndNotKept() throws Exception {
        LoadedVersion version = serve(FakeModel.DOUBLE);
        Failure failure = new Failure.ModelFailed("broken", false);
        serving.engine.hold();
        CompletionStage<InferenceResponse> running = serving.send(1);
        serving.engine.awaitHeld(1);
        CompletionStage<InferenceResponse> first = serving.send(3);
        CompletionStage<InferenceResponse> second = serving.send(3);
        serving.engine.failRuns(failure);
        serving.engine.release();
        assertThat(numbers(running)).containsExactly(2f);
        assertThat(failure(first)).isEqualTo(failure);
        assertThat(failure(second)).isEqualTo(failure);
        assertThat(version.statistics().fail().count()).isEqualTo(2);

        serving.engine.failRuns(null);

        assertThat(numbers(serving.send(3))).containsExactly(6f);
    }

    @Test
    void aRequestThatIsRefusedLeavesNothingBehind() throws Exception {
        serve(FakeModel.DOUBLE);
        serving.engine.hold();
        CompletionStage<InferenceResponse> running = serving.send(1);
        serving.engine.awaitHeld(1);
        List<CompletionStage<InferenceResponse>> waiting = List.of(serving.send(2), serving.send(3));

        assertThat(failure(serving.send(4))).isInstanceOf(Failure.Overloaded.class);

        CompletionStage<InferenceResponse> shares = serving.send(3);
        serving.engine.release();
        assertThat(numbers(running)).containsExactly(2f);
        assertThat(numbers(waiting.getFirst())).containsExactly(4f);
        assertThat(numbers(waiting.getLast())).containsExactly(6f);
        assertThat(numbers(shares)).containsExactly(6f);
        assertThat(numbers(serving.send(4))).containsExactly(8f);
    }

    @Test
    void badInputsAreRefusedAsEver() {
        serve(FakeModel.DOUBLE);
        assertThat(failure(serving.server.infer(request(ModelRef.of(MODEL), serving.tensor("z", Shape.of(1, 1), 1)))))
                .isInstanceOf(Failure.BadInput.class);
    }

    @Test
    void answersMakeRoomForOthersAndGiveTheirMemoryBack() {
        serve(FakeModel.DOUBLE);
        float[] wide = new float[100_000];
        for (int i = 0; i < 8; i++) {
            wide[0] = i;
            numbers(serving.send(wide));
        }
        CacheUse use = serving.server.cache();
        assertThat(use.bytes()).isBetween(1L, 1L << 20);
        assertThat(use.evictions()).isGreaterThanOrEqualTo(6);
        assertThat(pool.bytesInUse()).isLessThan(2 << 20);
    }

    @Test
    void anAnswerLargerThanAllRoomIsNotKept() {
        serve(FakeModel.DOUBLE);
        int before = runs();
        float[] wide = new float[300_000];
        numbers(serving.send(wide));
        numbers(serving.send(wide));
        assertThat(runs() - before).isEqualTo(2);
        assertThat(serving.server.cache()).isEqualTo(new CacheUse(0, 0));
    }

    @Test
    void severalAnswersToOneRequestAreNotKept() {
        serve(FakeModel.STREAM);
        int before = runs();
        for (int i = 0; i < 2; i++) {
            CompletableFuture<List<Float>> heard = new CompletableFuture<>();
            serving.server.infer(serving.request(1, 2, 3), new Listening(heard));
            assertThat(heard.join()).containsExactly(1f, 2f, 3f);
        }
        assertThat(runs() - before).isEqualTo(2);
        assertThat(serving.server.cache().bytes()).isZero();
    }

    @Test
    void aVersionThatLeavesTakesItsAnswersWithIt() {
        LoadedVersion first = serve(FakeModel.DOUBLE);
        numbers(serving.send(1));
        LoadedVersion second = serving.load(FakeModel.SUM, 2, keeping(), null);
        serving.publish(second);
        first.close();
        assertThat(serving.server.cache().bytes()).isZero();
        assertThat(numbers(serving.send(1))).containsExactly(1f);
    }

    @Test
    void copiesForAShadowAreRun() throws Exception {
        LoadedVersion first = serving.load(FakeModel.DOUBLE, 1, ServingFixture.settings(1, 1024), null);
        LoadedVersion second = serving.load(FakeModel.SUM, 2, keeping(), null);
        serving.publish(new Endpoint(List.of(new Endpoint.Target(1, 1)), 2L, false), Map.of(), first, second);
        numbers(serving.send(1));
        numbers(serving.send(1));
        while (second.statistics().executions() < 2) {
            Thread.onSpinWait();
        }
        assertThat(second.statistics().cacheMiss().count()).isZero();
    }

    @Test
    void manyCallersAtOnceGetTheirOwnAnswers() throws Exception {
        serving.publish(serving.load(
                FakeModel.DOUBLE, 1, ServingFixture.settings(4, 10_000).withCache(true), null));
        List<Future<?>> callers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int caller = 0; caller < 8; caller++) {
                Random random = new Random(caller);
                callers.add(threads.submit(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        call(random);
                    }
                }));
            }
        }
        for (Future<?> caller : callers) {
            caller.get();
        }
    }

    private void call(Random random) {
        float value = random.nextInt(6);
        Cancellation cancellation = new Cancellation();
        CompletionStage<InferenceResponse> answer = send(null, cancellation, value);
        if (random.nextInt(4) == 0) {
            cancellation.cancel(GONE);
            answer.whenComplete((response, _) -> {
                if (response != null) {
                    response.close();
                }
            });
        } else {
            assertThat(numbers(answer)).containsExactly(2 * value);
        }
    }

    /** Gathers the numbers of all answers. */
    private static final class Listening implements ResponseSink {

        private final List<Float> numbers = new ArrayList<>();
        private final CompletableFuture<List<Float>> heard;

        Listening(CompletableFuture<List<Float>> heard) {
            this.heard = heard;
        }

        @Override
        public void next(InferenceResponse response) {
            try (response) {
                numbers.addAll(ServingFixture.numbers(response));
            }
        }

        @Override
        public void complete() {
            heard.complete(numbers);
        }

        @Override
        public void fail(Failure failure) {
            heard.completeExceptionally(new AssertionError(failure.toString()));
        }
    }
}
