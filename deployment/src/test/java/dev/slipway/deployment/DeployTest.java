package dev.slipway.deployment;

import static dev.slipway.deployment.Yard.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Endpoint;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.deployment.Breakable.Step;
import dev.slipway.registry.HistoryEntry;
import dev.slipway.serving.VersionState;
import dev.slipway.testing.CountingPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a deploy does, and what it leaves when it fails. */
class DeployTest {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path folder;

    private Yard yard;

    @BeforeEach
    void open() {
        yard = new Yard(folder, pool);
    }

    @AfterEach
    void close() {
        yard.close();
    }

    @Test
    void aFileBecomesAVersionThatServes() {
        DeployResult result = yard.deploy(yard.times(2));

        assertThat(result.created()).isTrue();
        assertThat(result.version().record().number()).isEqualTo(1);
        assertThat(result.version().record().digest()).matches("sha256:[0-9a-f]{64}");
        assertThat(result.version().state()).isEqualTo(VersionState.READY);
        assertThat(result.model().record().endpoint()).isEqualTo(Endpoint.of(1));
        assertThat(yard.answer()).isEqualTo(2);
    }

    @Test
    void aHomeThatIsRemovedTakesNoDeployAndWhatIsLoadedGoesOn() throws IOException {
        yard.deploy(yard.times(2));
        Path next = yard.times(3);
        Files.move(folder.resolve("home"), folder.resolve("elsewhere"));

        assertFails(Failure.Internal.class, "registry.db was removed or replaced", () -> yard.deploy(next));
        assertFails(
                Failure.Internal.class,
                "registry.db was removed or replaced",
                () -> yard.deployments.alias(MODEL, "canary", 1L, "tester", null));

        assertThat(yard.deployments.trouble()).isPresent();
        assertThat(yard.answer()).isEqualTo(2);
        assertThat(yard.deployments.model(MODEL).versions()).hasSize(1);
        assertThat(folder.resolve("home")).as("nothing is made anew").doesNotExist();
    }

    @Test
    void artifactsThatAreRemovedTakeNoDeploy() throws IOException {
        yard.deploy(yard.times(2));
        Path next = yard.times(3);
        Files.move(folder.resolve("home/artifacts"), folder.resolve("elsewhere"));

        assertFails(
                Failure.Internal.class,
                "file 'times.onnx' cannot be stored: a file or folder of it is gone",
                () -> yard.deploy(next));

        assertThat(yard.answer()).isEqualTo(2);
    }

    @Test
    void aFullDiskKeepsNothingOfADeploy() {
        yard.deploy(yard.times(2));
        Path next = yard.times(3);
        yard.breakable.fillAt(Step.STORE);

        assertFails(
                Failure.InsufficientStorage.class,
                "file 'times.onnx' cannot be stored: the disk is full, nothing of it was kept",
                () -> yard.deploy(next));

        assertThat(yard.answer()).isEqualTo(2);
        assertThat(yard.deployments.model(MODEL).versions()).hasSize(1);
        assertThat(yard.deployments.history(MODEL, 10, null)).hasSize(1);
        yard.breakable.mend();
        assertThat(yard.deploy(next).version().record().number()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"false, true", "true, false", "true, true"})
    void aPackageThatNamesStepsThatThereAreNotIsNeverRegistered(boolean serve, boolean awaitReady) {
        Path wrong = yard.checked("wrong", 2, """
                task: tabular-regression
                columns: [a, b]
                outputs: {value: {from: y, steps: [nonsense]}}
                """);

        assertFails(
                Failure.BadInput.class,
                "nonsense",
                () -> yard.deployments.deploy(new DeployRequest(
                        MODEL,
                        wrong,
                        "wrong",
                        "tester",
                        null,
                        serve,
                        awaitReady,
                        DeployRequest.Known.NEWEST,
                        _ -> {})));

        assertThat(yard.deployments.exists(MODEL)).isFalse();
    }

    private static void assertFails(Class<? extends Failure> kind, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(FailureException.of(e)).isInstanceOf(kind));
    }

    @Test
    void rowsAreFoundToBeIndependentOnTheWay() {
        DeployResult result = yard.deploy(yard.times(2));

        assertThat(result.findings()).anyMatch(finding -> finding.text().equals("batchable: exact"));
    }

    @Test
    void theSameBytesAgainAreTheSameVersion() {
        String digest = yard.deploy(yard.times(2)).version().record().digest();

        DeployResult again = yard.deploy(yard.times(2));

        assertThat(again.created()).isFalse();
        assertThat(again.version().record().number()).isEqualTo(1);
        assertThat(again.version().record().digest()).isEqualTo(digest);
        assertThat(yard.deployments.history(MODEL, 10, null)).hasSize(1);
    }

    @Test
    void theSameBytesUnderAnotherNameAreTheSameVersion() throws IOException {
        yard.deploy(yard.times(2));
        Path renamed = Files.copy(yard.times(2), folder.resolve("other.onnx"));

        DeployResult again = yard.deploy(renamed);

        assertThat(again.created()).isFalse();
        assertThat(again.version().record().number()).isEqualTo(1);
        assertThat(yard.answer()).isEqualTo(2);
    }

    @Test
    void modelsOfTheSameBytesUnderOtherNamesDoNotMeetOnTheDisk() throws IOException {
        ModelName other = ModelName.of("other");
        yard.deploy(yard.times(2));
        Path renamed = Files.copy(yard.times(2), folder.resolve("other.onnx"));

        DeployResult result = yard.deployments.deploy(DeployRequest.of(other, renamed, "tester"));

        assertThat(result.version().record().digest())
                .isEqualTo(yard.deployments.model(MODEL).version(1).record().digest());
        assertThat(result.version().manifest().model()).isEqualTo("other.onnx");
        assertThat(yard.answer(ModelRef.of(other))).isEqualTo(2);
        yard.deployments.removeModel(other, "tester");
        yard = yard.again();
        assertThat(yard.answer()).isEqualTo(2);
    }

    @Test
    void aStartWithFilesThatAreKnownMovesNothing() {
        yard.deploy(yard.times(2));
        yard.deploy(yard.times(3));

        DeployResult again = yard.deployments.deploy(yard.request(yard.times(2)).with(DeployRequest.Known.ANY));

        assertThat(again.created()).isFalse();
        assertThat(again.version().record().number()).isEqualTo(1);
        assertThat(yard.answer()).isEqualTo(3);
    }

    @Test
    void olderBytesThatAreDeployedAgainServeAsANewVersion() {
        yard.deploy(yard.times(2));
        yard.deploy(yard.times(3));

        DeployResult again = yard.deploy(yard.times(2));

        assertThat(again.created()).isTrue();
        assertThat(again.version().record().number()).isEqualTo(3);
        assertThat(yard.answer()).isEqualTo(2);
    }

    @Test
    void forceMakesANewVersionOfTheSameBytes() {
        yard.deploy(yard.times(2));
        Path same = yard.times(2);

        DeployResult forced = yard.deployments.deploy(new DeployRequest(
                MODEL, same, "times.onnx", "tester", null, true, true, DeployRequest.Known.NONE, _ -> {}));

        assertThat(forced.created()).isTrue();
        assertThat(forced.version().record().number()).isEqualTo(2);
    }

    @Test
    void theNextVersionTakesTrafficOverAndTheOneBeforeUnloads() {
        yard.deploy(yard.times(2));

        DeployResult second = yard.deploy(yard.times(3));

        assertThat(yard.answer()).isEqualTo(3);
        assertThat(second.model().version(1).loaded()).isNull();
        assertThat(second.model().version(1).record().served()).isFalse();
        assertThatThrownBy(() -> yard.answer(ModelRef.of(MODEL, 1)))
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.NotReady.class));
    }

    @Test
    void anAliasGetsTheVersionBesideTraffic() {
        yard.deploy(yard.times(2));

        yard.deployTo("canary", yard.times(3));

        assertThat(yard.answer()).isEqualTo(2);
        assertThat(yard.answer(ModelRef.parse("times@canary"))).isEqualTo(3);
        assertThat(yard.answer(ModelRef.parse("times@stable"))).isEqualTo(2);
    }

    @Test
    void withoutServingItIsOnlyRegistered() {
        DeployResult result = yard.deployments.deploy(new DeployRequest(
                MODEL, yard.times(2), "times.onnx", "tester", null, false, true, DeployRequest.Known.NEWEST, _ -> {}));

        assertThat(result.version().state()).isEqualTo(VersionState.REGISTERED);
        assertThat(yard.breakable.count(Step.OPEN)).isZero();
        assertThat(result.model().record().endpoint()).isEqualTo(Endpoint.NONE);
    }

    @Test
    void withoutWaitingItIsRegisteredFirstAndServesLater() {
        List<Runnable> later = new ArrayList<>();
        yard.close();
        yard = new Yard(folder, pool, later::add, new Breakable());

        DeployResult result = yard.deployments.deploy(new DeployRequest(
                MODEL, yard.times(2), "times.onnx", "tester", null, true, false, DeployRequest.Known.NEWEST, _ -> {}));
        assertThat(result.version().state()).isEqualTo(VersionState.LOADING);

        later.getFirst().run();
        assertThat(yard.deployments.model(MODEL).version(1).state()).isEqualTo(VersionState.READY);
        assertThat(yard.answer()).isEqualTo(2);
    }

    @Test
    void whatFailsLaterSaysWhy() {
        List<Runnable> later = new ArrayList<>();
        yard.close();
        yard = new Yard(folder, pool, later::add, new Breakable());
        yard.deployments.deploy(new DeployRequest(
                MODEL, yard.times(2), "times.onnx", "tester", null, true, false, DeployRequest.Known.NEWEST, _ -> {}));

        yard.breakable.breakAt(Step.OPEN);
        later.getFirst().run();

        VersionView failed = yard.deployments.model(MODEL).version(1);
        assertThat(failed.state()).isEqualTo(VersionState.FAILED);
        assertThat(failed.failure()).isEqualTo(new Failure.Internal("broken at OPEN"));
        assertThat(yard.deployments.anyFailed())
                .as("of what was to serve already")
                .isFalse();
    }

    @Test
    void whereNothingHasFailedNobodyReadsTheRegistryToSaySo() {
        yard.deploy(yard.times(2));
        yard.breakable.breakAt(Step.READ);

        assertThat(yard.deployments.anyFailed()).isFalse();
    }

    @Test
    void anErrorOfTheMachineIsNoLoadingForEver() {
        List<Runnable> later = new ArrayList<>();
        yard.close();
        yard = new Yard(folder, pool, later::add, new Breakable());
        yard.deployments.deploy(new DeployRequest(
                MODEL, yard.times(2), "times.onnx", "tester", null, true, false, DeployRequest.Known.NEWEST, _ -> {}));

        yard.breakable.breakAt(Step.OPEN, new StackOverflowError("too deep"));
        later.getFirst().run();

        assertThat(yard.deployments.model(MODEL).version(1).state()).isEqualTo(VersionState.FAILED);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPEN", "LAY_OUT"})
    void whatDoesNotComeBackAfterARestartHasFailedAndTheRestServes(Step step) {
        yard.deploy(yard.times(2));
        yard.breakable.breakAt(step, new StackOverflowError("too deep"));

        yard.deployments.unload(MODEL, null, "tester");
        assertThatThrownBy(() -> yard.deployments.load(MODEL, null, "tester")).isInstanceOf(StackOverflowError.class);
        yard.close();
        Breakable broken = new Breakable();
        broken.breakAt(step, new StackOverflowError("too deep"));
        yard = new Yard(folder, pool, Runnable::run, new Breakable());
        yard.deployments.load(MODEL, null, "tester");
        yard.close();
        yard = new Yard(folder, pool, Runnable::run, broken);

        assertThat(yard.deployments.settled()).isTrue();
        assertThat(yard.deployments.model(MODEL).version(1).state()).isEqualTo(VersionState.FAILED);
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aDeployThatIsUnderWayIsJoined() throws Exception {
        Path model = yard.times(2);
        yard.breakable.hold();
        CompletableFuture<DeployResult> first = CompletableFuture.supplyAsync(
                () -> yard.deploy(model), work -> Thread.ofVirtual().start(work));
        yard.breakable.awaitHeld();
        long stored = yard.breakable.count(Step.STORE);
        FutureTask<DeployResult> second = new FutureTask<>(() -> yard.deploy(model));
        Thread joining = Thread.ofPlatform().start(second);
        while (yard.breakable.count(Step.STORE) == stored || joining.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        yard.breakable.release();

        assertThat(first.join().created()).isTrue();
        assertThat(second.get().created())
                .as("the second caller heard of the first one's deploy")
                .isTrue();
        assertThat(yard.breakable.count(Step.OPEN)).isEqualTo(1);
        assertThat(yard.deployments.model(MODEL).versions()).hasSize(1);
    }

    @Test
    void historyNamesWhoDidWhatAndWhatServedBefore() {
        yard.deploy(yard.times(2));
        yard.deploy(yard.times(3));

        List<HistoryEntry> history = yard.deployments.history(MODEL, 10, null);

        assertThat(history).extracting(HistoryEntry::action).containsExactly("deploy", "deploy");
        assertThat(history).extracting(HistoryEntry::actor).containsOnly("tester");
        assertThat(history).extracting(HistoryEntry::version).containsExactly(2L, 1L);
        assertThat(history).extracting(HistoryEntry::previous).containsExactly(1L, null);
        assertThat(yard.deployments.verify(MODEL).intact()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"STORE", "LAY_OUT", "OPEN", "COMMIT"})
    void whateverFailsBeforeTheCommitLeavesTheOldState(Step step) {
        yard.deploy(yard.times(2));
        Path next = yard.times(3);
        yard.breakable.breakAt(step);

        assertThatThrownBy(() -> yard.deploy(next)).hasMessage("broken at " + step);

        assertThat(yard.answer()).isEqualTo(2);
        assertThat(yard.deployments.model(MODEL).versions()).hasSize(1);
        assertThat(yard.deployments.history(MODEL, 10, null)).hasSize(1);
        yard.breakable.mend();
        assertThat(yard.deploy(next).created()).isTrue();
        assertThat(yard.answer()).isEqualTo(3);
    }

    @Test
    void aCommitThatNobodyHeardOfIsFoundByTheRetry() {
        yard.deploy(yard.times(2));
        Path next = yard.times(3);
        yard.breakable.breakAt(Step.COMMITTED);
        assertThatThrownBy(() -> yard.deploy(next)).hasMessage("broken at COMMITTED");
        yard.breakable.mend();

        DeployResult retried = yard.deploy(next);

        assertThat(retried.created()).isFalse();
        assertThat(retried.version().record().number()).isEqualTo(2);
        assertThat(yard.answer()).isEqualTo(3);
    }

    @Test
    void aCommitThatNobodyHeardOfServesAfterARestart() {
        yard.breakable.breakAt(Step.COMMITTED);
        assertThatThrownBy(() -> yard.deploy(yard.times(2))).hasMessage("broken at COMMITTED");

        yard = yard.again();

        assertThat(yard.answer()).isEqualTo(2);
    }

    @Test
    void aLateRetryDoesNotMoveTrafficBack() {
        yard.deploy(yard.times(2));
        yard.deploy(yard.times(3));
        yard.deployments.rollback(MODEL, null, "tester");

        DeployResult retried = yard.deploy(yard.times(3));

        assertThat(retried.created()).isFalse();
        assertThat(yard.answer()).isEqualTo(2);
    }

    @Test
    void scratchIsLeftEmpty() {
        yard.deploy(yard.times(2));

        assertThat(folder.resolve("home/scratch")).isEmptyDirectory();
    }
}
