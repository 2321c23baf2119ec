package dev.slipway.serving;

import static dev.slipway.serving.ServingFixture.failure;
import static dev.slipway.serving.ServingFixture.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataSize;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.core.Settings;
import dev.slipway.testing.FakeModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Versions that come into memory when they are asked, and leave it for others: two of them fit. */
@Timeout(60)
class OnDemandTest extends ServingTest {

    private static final long WEIGHT = 10 << 20;

    @Override
    ServingConfig config() {
        return ServingFixture.config().with(DataSize.ofMebibytes(25));
    }

    private LoadedVersion offer(String name) {
        return offer(name, ServingFixture.settings(32, 1024));
    }

    private LoadedVersion offer(String name, Settings settings) {
        return offer(name, settings, _ -> {});
    }

    private LoadedVersion offer(String name, Settings settings, Consumer<LoadedVersion> trial) {
        serving.engine.weigh(WEIGHT);
        LoadedVersion offered =
                serving.server.offer(serving.source(ModelName.of(name), FakeModel.DOUBLE, 1, settings, null), trial);
        serving.publish(offered);
        return offered;
    }

    private CompletionStage<InferenceResponse> ask(String name, float value) {
        return serving.server.infer(ServingFixture.request(ModelRef.of(ModelName.of(name)), serving.rows(value)));
    }

    private void answers(String name) {
        assertThat(numbers(ask(name, 3))).containsExactly(6f);
    }

    private static void until(LoadedVersion version, VersionState state) {
        while (version.state() != state) {
            Thread.onSpinWait();
        }
    }

    @Test
    void isLoadedByItsFirstRequest() {
        LoadedVersion a = offer("a");
        assertThat(a.state()).isEqualTo(VersionState.UNLOADED);
        assertThat(a.ready()).isTrue();
        assertThat(serving.engine.liveSessions()).isZero();
        answers("a");
        assertThat(a.state()).isEqualTo(VersionState.READY);
        assertThat(a.memory()).isEqualTo(WEIGHT);
        assertThat(serving.observer.told()).containsExactly("loaded 1", "ran 1 rows 1", "answered 1");
    }

    @Test
    void staysUntilItHasBeenTriedOut() {
        CompletableFuture<Void> trial = new CompletableFuture<>();
        LoadedVersion a = offer("a", ServingFixture.settings(32, 1024), _ -> trial.join());
        answers("a");
        LoadedVersion b = offer("b");
        answers("b");
        offer("c");
        answers("c");
        assertThat(a.state()).isEqualTo(VersionState.READY);
        assertThat(b.state()).isEqualTo(VersionState.UNLOADED);
        trial.complete(null);
    }

    @Test
    void oneLoadIsForAllWhoWait() throws InterruptedException {
        LoadedVersion a = offer("a");
        serving.engine.holdOpens();
        List<CompletionStage<InferenceResponse>> waiting = List.of(ask("a", 1), ask("a", 2), ask("a", 4));
        serving.engine.awaitOpening();
        assertThat(a.state()).isEqualTo(VersionState.LOADING);
        assertThat(a.statistics().queued()).isEqualTo(3);
        serving.engine.releaseOpens();
        assertThat(waiting.stream().map(ServingFixture::numbers))
                .containsExactly(List.of(2f), List.of(4f), List.of(8f));
        assertThat(serving.engine.opened()).hasSize(1);
    }

    @Test
    void othersAreAnsweredMeanwhile() throws InterruptedException {
        offer("a");
        offer("b");
        answers("b");
        serving.engine.holdOpens();
        CompletionStage<InferenceResponse> waiting = ask("a", 1);
        serving.engine.awaitOpening();
        answers("b");
        serving.engine.releaseOpens();
        assertThat(numbers(waiting)).containsExactly(2f);
    }

    @Test
    void noMoreWaitThanItsQueueTakes() throws InterruptedException {
        offer("a", ServingFixture.settings(1, 1));
        serving.engine.holdOpens();
        CompletionStage<InferenceResponse> waiting = ask("a", 1);
        serving.engine.awaitOpening();
        assertThat(failure(ask("a", 2))).isInstanceOf(Failure.Overloaded.class);
        serving.engine.releaseOpens();
        assertThat(numbers(waiting)).containsExactly(2f);
    }

    @Test
    void whoWaitsKeepsDeadlineAndCancellation() throws InterruptedException {
        offer("a");
        serving.engine.holdOpens();
        Cancellation cancellation = new Cancellation();
        CompletionStage<InferenceResponse> late = ask("a", 1);
        CompletionStage<InferenceResponse> cancelled = serving.server.infer(
                ServingFixture.request(ModelRef.of(ModelName.of("a")), null, null, cancellation, serving.rows(1)));
        serving.engine.awaitOpening();
        cancellation.cancel(new Failure.Cancelled("gone"));
        assertThat(failure(cancelled)).isEqualTo(new Failure.Cancelled("gone"));
        serving.timer.advance(ServingFixture.config().drainPatience());
        serving.timer.advance(
                Settings.DEFAULT.timeout().minus(ServingFixture.config().loadPatience()));
        assertThat(failure(late))
                .isInstanceOf(Failure.NotReady.class)
                .extracting(Failure::detail)
                .asString()
                .contains("given up");
        serving.engine.releaseOpens();
    }

    @Test
    void aLoadThatFailsAnswersAllAndIsTriedAgainLater() throws InterruptedException {
        LoadedVersion a = offer("a");
        serving.engine.holdOpens();
        List<CompletionStage<InferenceResponse>> waiting = List.of(ask("a", 1), ask("a", 2));
        serving.engine.awaitOpening();
        serving.engine.failOpens(Failure.BadInput.of("the file is broken"));
        serving.engine.releaseOpens();
        for (CompletionStage<InferenceResponse> answer : waiting) {
            assertThat(failure(answer))
                    .isEqualTo(new Failure.NotReady("model 'a' version 1 could not be loaded, and a request in 1 s"
                            + " tries it again: the file is broken"));
        }
        assertThat(a.state()).isEqualTo(VersionState.FAILED);
        assertThat(a.ready()).isFalse();
        assertThat(a.failure()).isEqualTo(Failure.BadInput.of("the file is broken"));
        serving.engine.failOpens(null);
        assertThat(failure(ask("a", 1))).as("too early").isInstanceOf(Failure.NotReady.class);
        serving.timer.advance(Duration.ofSeconds(1));
        answers("a");
        assertThat(a.failure()).isNull();
    }

    @Test
    void thePauseBeforeAnotherAttemptDoubles() {
        LoadedVersion a = offer("a");
        serving.engine.failOpens(Failure.BadInput.of("the file is broken"));
        for (int seconds : List.of(1, 2, 4, 8)) {
            assertThatThrownBy(a::load).as("an explicit load does not wait").hasMessage("the file is broken");
            assertThat(failure(ask("a", 1)).detail()).contains("a request in " + seconds + " s tries it again");
        }
    }

    @Test
    void oneThatNobodyNeedsLeavesForAnother() {
        List<LoadedVersion> versions = List.of(offer("a"), offer("b"), offer("c"));
        for (String name : List.of("a", "b", "c")) {
            answers(name);
        }
        assertThat(versions.getLast().state()).isEqualTo(VersionState.READY);
        assertThat(versions.stream().map(LoadedVersion::state))
                .containsOnlyOnce(VersionState.UNLOADED)
                .hasSize(3);
        assertThat(serving.engine.liveSessions()).isEqualTo(2);
        assertThat(serving.server.memory()).isEqualTo(new ModelServer.MemoryUse(2 * WEIGHT, 25 << 20));
    }

    @Test
    void whoRunsStaysAndAnotherWaitsForItsEnd() throws InterruptedException {
        LoadedVersion a = offer("a");
        LoadedVersion b = offer("b");
        LoadedVersion c = offer("c");
        serving.engine.hold();
        List<CompletionStage<InferenceResponse>> running = List.of(ask("a", 1), ask("b", 1));
        serving.engine.awaitHeld(2);
        CompletionStage<InferenceResponse> waiting = ask("c", 5);
        assertThat(List.of(a.state(), b.state(), c.state()))
                .containsExactly(VersionState.READY, VersionState.READY, VersionState.LOADING);
        serving.engine.release();
        assertThat(numbers(waiting)).containsExactly(10f);
        running.forEach(answer -> assertThat(numbers(answer)).containsExactly(2f));
    }

    @Test
    void whoWaitsForRoomInVainIsToldWhoHasIt() throws InterruptedException {
        offer("a");
        offer("b");
        LoadedVersion c = offer("c");
        answers("a");
        answers("b");
        serving.engine.hold();
        List<CompletionStage<InferenceResponse>> running = List.of(ask("a", 1), ask("b", 1));
        serving.engine.awaitHeld(2);
        CompletionStage<InferenceResponse> waiting = ask("c", 5);
        while (!serving.server.crowded()) {
            Thread.onSpinWait();
        }
        serving.timer.advance(ServingFixture.config().drainPatience());
        assertThat(failure(waiting))
                .isEqualTo(new Failure.Overloaded(
                        "model 'c' version 1 needs about 10 MiB of memory, and of serving.model_memory (25 MiB)"
                                + " model 'a' version 1 (10 MiB), model 'b' version 1 (10 MiB) have the rest and are needed:"
                                + " raise it, or unload what is not needed",
                        Duration.ofSeconds(1)));
        assertThat(c.state()).isEqualTo(VersionState.UNLOADED);
        serving.engine.release();
        running.forEach(answer -> assertThat(numbers(answer)).containsExactly(2f));
        answers("c");
    }

    @Test
    void whatCanNeverFitIsRefused() {
        serving.engine.weigh(30 << 20);
        assertThatThrownBy(() -> serving.load(FakeModel.DOUBLE, 1))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure())
                                .isEqualTo(new Failure.InsufficientStorage(
                                        "model 'm' version 1 needs about 30 MiB of memory, more than serving.model_memory"
                                                + " allows (25 MiB): raise it, or deploy a smaller model")));
    }

    @Test
    void aVersionIsNotLoadedInPlaceOfTheOneThatItReplaces() {
        serving.engine.weigh(15 << 20);
        LoadedVersion first = serving.load(FakeModel.DOUBLE, 1);
        serving.publish(first);
        assertThatThrownBy(() -> serving.load(FakeModel.DOUBLE, 2))
                .hasMessage("model 'm' version 2 needs about 15 MiB of memory, which does not fit into"
                        + " serving.model_memory (25 MiB) beside model 'm' version 1 (15 MiB), which answers meanwhile:"
                        + " raise it, or unload the model before");
        assertThat(numbers(serving.send(1))).containsExactly(2f);
    }

    @Test
    void aVersionThatIsBeingDeployedStays() {
        serving.engine.weigh(WEIGHT);
        LoadedVersion deployed = serving.load(FakeModel.DOUBLE, 1);
        offer("a");
        offer("b");
        answers("a");
        answers("b");
        assertThat(deployed.state()).isEqualTo(VersionState.READY);
        deployed.close();
    }

    @Test
    void aLoadThatTakesOnlyWhatIsFreeMakesNobodyLeave() {
        LoadedVersion a = offer("a");
        LoadedVersion b = offer("b");
        LoadedVersion c = offer("c");
        assertThat(a.loadIfRoom()).isTrue();
        assertThat(b.loadIfRoom()).isTrue();
        assertThat(c.loadIfRoom()).isFalse();
        assertThat(c.state()).isEqualTo(VersionState.UNLOADED);
        c.load();
        assertThat(c.state()).isEqualTo(VersionState.READY);
        assertThat(serving.engine.liveSessions()).isEqualTo(2);
    }

    @Test
    void aVersionThatGrewMakesOthersLeave() {
        LoadedVersion a = offer("a");
        LoadedVersion b = offer("b");
        answers("a");
        serving.timer.advance(Duration.ofMillis(1));
        serving.engine.weigh(20 << 20);
        answers("b");
        until(a, VersionState.UNLOADED);
        assertThat(b.state()).isEqualTo(VersionState.READY);
    }

    @Test
    void isTriedOutOnceWhenItHasComeForTheFirstTime() {
        AtomicInteger trials = new AtomicInteger();
        serving.engine.weigh(WEIGHT);
        LoadedVersion a = serving.server.offer(
                serving.source(ModelName.of("a"), FakeModel.DOUBLE, 1, ServingFixture.settings(32, 8), null),
                version -> {
                    trials.incrementAndGet();
                    version.probe(List.of());
                });
        serving.publish(a);
        assertThat(a.batchability().toString()).isEqualTo("no (it has not been loaded yet)");
        a.load();
        assertThat(a.batchability()).isEqualTo(new Batchability.Exact());
        offer("b").load();
        offer("c").load();
        assertThat(a.state()).isEqualTo(VersionState.UNLOADED);
        assertThat(a.batchability()).isEqualTo(new Batchability.Exact());
        a.load();
        assertThat(trials).hasValue(1);
    }

    @Test
    void aVersionWhoseTrialFailsLeavesAndHasFailed() {
        LoadedVersion a = serving.server.offer(
                serving.source(ModelName.of("a"), FakeModel.DOUBLE, 1, ServingFixture.settings(32, 8), null), _ -> {
                    throw new FailureException(Failure.BadInput.of("the warm-up run did not end"));
                });
        serving.publish(a);
        assertThatThrownBy(a::load).hasMessage("the warm-up run did not end");
        assertThat(a.state()).isEqualTo(VersionState.FAILED);
        assertThat(failure(ask("a", 1)).detail()).contains("the warm-up run did not end");
        while (serving.engine.liveSessions() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aVersionThatIsWithdrawnWhileItComesIsGoneWhenItHasCome() throws InterruptedException {
        LoadedVersion a = offer("a");
        serving.engine.holdOpens();
        CompletableFuture<Void> load = CompletableFuture.runAsync(a::load);
        serving.engine.awaitOpening();
        serving.server.withdraw(ModelName.of("a"));
        assertThatThrownBy(load::join).hasMessageContaining("unloading");
        serving.engine.releaseOpens();
        until(a, VersionState.UNLOADED);
        assertThat(serving.engine.liveSessions()).isZero();
    }

    @Test
    void aServerThatClosesAnswersWhoWaitsForALoad() throws InterruptedException {
        offer("a");
        serving.engine.holdOpens();
        CompletionStage<InferenceResponse> waiting = ask("a", 1);
        serving.engine.awaitOpening();
        serving.server.close(Duration.ZERO);
        assertThat(failure(waiting)).isInstanceOf(Failure.NotReady.class);
    }

    @Test
    void whileModelsComeAndGoNoRequestIsLost() {
        int models = 20;
        for (int i = 0; i < models; i++) {
            offer("m" + i);
        }
        List<CompletionStage<InferenceResponse>> answers = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            answers.add(ask("m" + (i * 7 + i / 50) % models, i));
            if (answers.size() >= 40) {
                answers.forEach(answer -> assertThat(numbers(answer)).hasSize(1));
                answers.clear();
            }
        }
        assertThat(serving.observer.told()).noneMatch(told -> told.startsWith("failed") || told.startsWith("refused"));
        assertThat(serving.engine.opened().size()).isGreaterThan(models);
        assertThat(serving.server.memory().held()).isLessThanOrEqualTo(25 << 20);
    }
}
