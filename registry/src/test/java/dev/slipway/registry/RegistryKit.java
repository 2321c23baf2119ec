package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Endpoint;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.registry.VersionRecord.FileRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every registry must do, whatever it stores in. */
abstract class RegistryKit {

    static final ModelName DIGITS = ModelName.of("digits");

    final SteppingTime time = new SteppingTime();
    Registry registry;

    /** Opens the registry of this test; a second call, after a close, finds what was there. */
    abstract Registry open();

    @BeforeEach
    void start() {
        registry = open();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    final void restart() {
        registry.close();
        registry = open();
    }

    static String digest(int seed) {
        return "sha256:" + String.format("%064x", seed);
    }

    static VersionRecord version(long number, int seed) {
        List<FileRecord> files = List.of(
                new FileRecord("model.onnx", digest(1_000 + seed), 10),
                new FileRecord("data/labels.txt", digest(7), 3));
        return new VersionRecord(
                number,
                digest(seed),
                "{\"format\":\"onnx\"}",
                files,
                13,
                Instant.parse("2026-02-28T23:59:59.5Z"),
                1,
                "{\"instances\":2}",
                false);
    }

    static Change change(String action) {
        return Change.of(DIGITS, "ada", action, "because");
    }

    final HistoryEntry deploy(long number) {
        return registry.apply(
                change("deploy").adding(version(number, (int) number)).endpoint(Endpoint.of(number)));
    }

    final ModelRecord digits() {
        return registry.model(DIGITS).orElseThrow();
    }

    static void assertFails(Class<? extends Failure> kind, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(kind))
                .hasMessageContaining(message);
    }

    @Test
    void aFreshRegistryIsEmpty() {
        assertThat(registry.all()).isEmpty();
        assertThat(registry.model(DIGITS)).isEmpty();
        assertThat(registry.nextVersion(DIGITS)).isEqualTo(1);
        assertThat(registry.history(DIGITS, 10, null)).isEmpty();
        assertThat(registry.verify(DIGITS).intact()).isTrue();
        assertThat(registry.referencedBlobs()).isEmpty();
    }

    @Test
    void aDeployedVersionIsRecordedWhole() {
        deploy(1);

        VersionRecord expected = version(1, 1);
        VersionRecord recorded = digits().version(1).orElseThrow();
        assertThat(recorded)
                .isEqualTo(new VersionRecord(
                        1,
                        expected.digest(),
                        expected.manifest(),
                        expected.files(),
                        expected.size(),
                        expected.created(),
                        1,
                        expected.settings(),
                        true));
        assertThat(digits().endpoint()).isEqualTo(Endpoint.of(1));
        assertThat(digits().revision()).isEqualTo(1);
        assertThat(registry.all()).extracting(ModelRecord::name).containsExactly(DIGITS);
        assertThat(registry.referencedBlobs()).containsExactlyInAnyOrder(digest(1_001), digest(7));
    }

    @Test
    void everythingIsThereAfterARestart() {
        deploy(1);
        registry.apply(change("alias").alias("canary", 1L).settings(1, "{}"));
        List<ModelRecord> before = registry.all();
        List<HistoryEntry> history = registry.history(DIGITS, 10, null);

        restart();

        assertThat(registry.all()).isEqualTo(before);
        assertThat(registry.history(DIGITS, 10, null)).isEqualTo(history);
    }

    @Test
    void namesAreApartByProjectAndByCase() {
        deploy(1);
        for (ModelName other : List.of(new ModelName("team", "digits"), ModelName.of("Digits"))) {
            registry.apply(Change.of(other, "bob", "deploy", "").adding(version(1, 9)));
            assertThat(registry.model(other)
                            .orElseThrow()
                            .version(1)
                            .orElseThrow()
                            .digest())
                    .isEqualTo(digest(9));
        }
        assertThat(registry.all()).hasSize(3);
        assertThat(digits().version(1).orElseThrow().digest()).isEqualTo(digest(1));
    }

    @Test
    void aNumberIsNeverUsedTwice() {
        deploy(1);
        assertFails(Failure.Conflict.class, "version 1 of model 'digits': the number was used before", () -> deploy(1));

        deploy(2);
        registry.apply(change("remove").removing(Set.of(1L)));
        assertFails(Failure.Conflict.class, "the next free one is 3", () -> deploy(1));

        registry.apply(change("remove").removingModel());
        assertThat(registry.nextVersion(DIGITS)).isEqualTo(3);
        assertFails(Failure.Conflict.class, "used before", () -> deploy(2));
        deploy(3);
        assertThat(digits().versions()).extracting(VersionRecord::number).containsExactly(3L);
    }

    @Test
    void aFolderOfNumberedVersionsKeepsItsNumbers() {
        deploy(7);
        deploy(3);
        assertThat(digits().versions()).extracting(VersionRecord::number).containsExactly(3L, 7L);
        assertThat(registry.nextVersion(DIGITS)).isEqualTo(8);
    }

    @Test
    void theSameDigestMayComeTwiceWhenAskedFor() {
        deploy(1);
        registry.apply(change("deploy").adding(version(2, 1)));
        assertThat(digits().versions()).extracting(VersionRecord::digest).containsExactly(digest(1), digest(1));
    }

    @Test
    void aRevisionThatMovedMeanwhileIsAConflict() {
        deploy(1);
        deploy(2);
        Change late = change("promote").endpoint(Endpoint.of(1)).expecting(1);
        assertFails(Failure.Conflict.class, "model 'digits' is at revision 2, not 1", () -> registry.apply(late));
        assertThat(digits().endpoint()).isEqualTo(Endpoint.of(2));

        registry.apply(late.expecting(2));
        assertThat(digits().endpoint()).isEqualTo(Endpoint.of(1));
        assertThat(digits().revision()).isEqualTo(3);
    }

    @Test
    void revisionZeroMeansThatThereIsNoSuchModel() {
        Change first = change("deploy").adding(version(1, 1)).expecting(0);
        registry.apply(first);
        assertFails(
                Failure.Conflict.class,
                "is at revision 1, not 0",
                () -> registry.apply(change("deploy").adding(version(2, 2)).expecting(0)));
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertFails(
                Failure.ModelNotFound.class,
                "there is no model 'digits'",
                () -> registry.apply(change("promote").endpoint(Endpoint.of(1))));
        deploy(1);
        for (Change change : List.of(
                change("promote").endpoint(Endpoint.of(4)),
                change("promote").endpoint(new Endpoint(List.of(new Endpoint.Target(1, 1)), 4L, false)),
                change("alias").alias("canary", 4L),
                change("settings").settings(4, "{}"),
                change("load").served(4, true),
                change("remove").removing(Set.of(4L)))) {
            assertFails(Failure.VersionNotFound.class, "there is no 'digits/4'", () -> registry.apply(change));
        }
    }

    @Test
    void aRefusedChangeLeavesNothing() {
        deploy(1);
        ModelRecord before = digits();
        assertFails(
                Failure.VersionNotFound.class,
                "digits/9",
                () -> registry.apply(change("deploy")
                        .adding(version(2, 2))
                        .alias("canary", 2L)
                        .endpoint(Endpoint.of(9))));
        assertThat(digits()).isEqualTo(before);
        assertThat(registry.nextVersion(DIGITS)).isEqualTo(2);
        assertThat(registry.history(DIGITS, 10, null)).hasSize(1);
    }

    @Test
    void aVersionThatIsNamedIsNotRemoved() {
        deploy(1);
        deploy(2);
        registry.apply(change("alias").alias("canary", 1L));
        assertFails(
                Failure.Conflict.class,
                "the endpoint sends requests to it",
                () -> registry.apply(change("remove").removing(Set.of(2L))));
        assertFails(
                Failure.Conflict.class,
                "the alias 'canary' names it",
                () -> registry.apply(change("remove").removing(Set.of(1L))));
        registry.apply(change("promote").endpoint(new Endpoint(List.of(new Endpoint.Target(2, 1)), 1L, false)));
        assertFails(
                Failure.Conflict.class,
                "the endpoint sends requests to it",
                () -> registry.apply(change("remove").alias("canary", null).removing(Set.of(1L))));

        registry.apply(
                change("remove").endpoint(Endpoint.of(2)).alias("canary", null).removing(Set.of(1L)));
        assertThat(digits().versions()).extracting(VersionRecord::number).containsExactly(2L);
        assertThat(registry.referencedBlobs()).doesNotContain(digest(1_001));
    }

    @Test
    void aWholeModelAlwaysGoesAndItsHistoryStays() {
        deploy(1);
        registry.apply(change("alias").alias("canary", 1L));
        HistoryEntry last = registry.apply(change("remove").removingModel());

        assertThat(last.endpoint()).isEqualTo(Endpoint.NONE);
        assertThat(last.previous()).isEqualTo(1);
        assertThat(registry.model(DIGITS)).isEmpty();
        assertThat(registry.all()).isEmpty();
        assertThat(registry.referencedBlobs()).isEmpty();
        assertThat(registry.history(DIGITS, 10, null))
                .extracting(HistoryEntry::action)
                .containsExactly("remove", "alias", "deploy");
        assertFails(
                Failure.ModelNotFound.class,
                "digits",
                () -> registry.apply(change("remove").removingModel()));

        HistoryEntry again = deploy(2);
        assertThat(again.seq()).isEqualTo(4);
        assertThat(again.previousHash()).isEqualTo(last.hash());
        assertThat(digits().aliases()).isEmpty();
        assertThat(registry.verify(DIGITS).intact()).isTrue();
    }

    @Test
    void settingsHaveRevisionsOfTheirOwn() {
        deploy(1);
        registry.apply(change("settings").settings(1, "{\"instances\":4}"));
        HistoryEntry entry = registry.apply(change("settings").settings(1, "{\"instances\":8}"));

        VersionRecord version = digits().version(1).orElseThrow();
        assertThat(version.settingsRevision()).isEqualTo(3);
        assertThat(version.settings()).isEqualTo("{\"instances\":8}");
        assertThat(entry.canonical())
                .contains("\"settings\":[{\"version\":1,\"revision\":3,\"document\":\"{\\\"instances\\\":8}\"}]");
        assertThat(entry.version()).isEqualTo(1);
    }

    @Test
    void whatTheEndpointOrAnAliasNamesIsServedUnlessTheChangeSaysOtherwise() {
        deploy(1);
        registry.apply(change("deploy").adding(version(2, 2)));
        assertThat(served()).containsExactly(Map.entry(1L, true), Map.entry(2L, false));

        registry.apply(change("load").served(2, true));
        registry.apply(change("unload").served(1, false));
        assertThat(served()).containsExactly(Map.entry(1L, false), Map.entry(2L, true));

        registry.apply(change("alias").alias("canary", 1L).served(2, false));
        assertThat(served()).containsExactly(Map.entry(1L, true), Map.entry(2L, false));
    }

    private List<Map.Entry<Long, Boolean>> served() {
        return digits().versions().stream()
                .map(version -> Map.entry(version.number(), version.served()))
                .toList();
    }

    @Test
    void aliasesAreNamesForVersions() {
        deploy(1);
        deploy(2);
        registry.apply(change("alias").alias("canary", 1L).alias("old", 1L));
        registry.apply(change("alias").alias("canary", 2L).alias("old", null).alias("never-set", null));
        assertThat(digits().aliases()).containsExactly(Map.entry("canary", 2L));

        assertFails(
                Failure.BadInput.class,
                "'stable' is a view of the endpoint",
                () -> registry.apply(change("alias").alias("stable", 1L)));
        assertFails(
                Failure.BadInput.class,
                "alias name 'a b' must match",
                () -> registry.apply(change("alias").alias("a b", 1L)));
    }

    @Test
    void anEntrySaysWhatHappened() {
        deploy(1);
        HistoryEntry entry = deploy(2);
        assertThat(entry.seq()).isEqualTo(2);
        assertThat(entry.time()).isEqualTo(time.instant());
        assertThat(entry.actor()).isEqualTo("ada");
        assertThat(entry.action()).isEqualTo("deploy");
        assertThat(entry.reason()).isEqualTo("because");
        assertThat(entry.version()).isEqualTo(2);
        assertThat(entry.previous()).isEqualTo(1);
        assertThat(entry.endpoint()).isEqualTo(Endpoint.of(2));
        assertThat(entry.format()).isEqualTo(1);
        assertThat(registry.history(DIGITS, 1, null)).containsExactly(entry);
    }

    @Test
    void historyComesInPages() {
        for (int i = 1; i <= 5; i++) {
            deploy(i);
        }
        assertThat(registry.history(DIGITS, 2, null))
                .extracting(HistoryEntry::seq)
                .containsExactly(5L, 4L);
        assertThat(registry.history(DIGITS, 2, 4L))
                .extracting(HistoryEntry::seq)
                .containsExactly(3L, 2L);
        assertThat(registry.history(DIGITS, 2, 1L)).isEmpty();
    }

    @Test
    void theEndpointOfAMomentIsKnown() {
        Instant before = time.instant().minusNanos(1_000);
        deploy(1);
        Instant first = time.instant();
        Instant second = time.step(Duration.ofMillis(500));
        deploy(2);
        Instant third = time.step(Duration.ofMinutes(1));
        registry.apply(change("remove").removingModel());

        assertThat(registry.endpointAt(DIGITS, before)).isEmpty();
        assertThat(registry.endpointAt(DIGITS, first)).contains(Endpoint.of(1));
        assertThat(registry.endpointAt(DIGITS, second.minusNanos(1_000))).contains(Endpoint.of(1));
        assertThat(registry.endpointAt(DIGITS, second)).contains(Endpoint.of(2));
        assertThat(registry.endpointAt(DIGITS, third)).contains(Endpoint.NONE);
        assertThat(registry.endpointAt(ModelName.of("other"), third)).isEmpty();
    }

    @Test
    void aClockThatGoesBackDoesNotTurnTheHistoryRound() {
        HistoryEntry first = deploy(1);
        time.step(Duration.ofHours(-1));
        assertThat(deploy(2).time()).isEqualTo(first.time());
        assertThat(registry.endpointAt(DIGITS, first.time())).contains(Endpoint.of(2));
    }

    @Test
    void endpointsKeepTheirWholeDocument() {
        deploy(1);
        deploy(2);
        Endpoint split = new Endpoint(List.of(new Endpoint.Target(2, 19), new Endpoint.Target(1, 1)), 1L, true);
        HistoryEntry entry = registry.apply(change("promote").endpoint(split));
        assertThat(digits().endpoint()).isEqualTo(split);
        assertThat(registry.endpoints(DIGITS)).containsExactly(Endpoint.of(1), Endpoint.of(2), split);
        assertThat(entry.endpoint()).isEqualTo(split);
        assertThat(entry.version()).isEqualTo(2);
        restart();
        assertThat(registry.history(DIGITS, 1, null)).containsExactly(entry);
    }

    @Test
    void ofConcurrentChangesFromOneRevisionExactlyOneComesThrough() throws Exception {
        deploy(1);
        deploy(2);
        AtomicInteger won = new AtomicInteger();
        Callable<Void> attempt = () -> {
            try {
                registry.apply(change("promote").endpoint(Endpoint.of(1)).expecting(2));
                won.incrementAndGet();
            } catch (FailureException e) {
                assertThat(e.failure()).isInstanceOf(Failure.Conflict.class);
            }
            return null;
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var result : threads.invokeAll(java.util.Collections.nCopies(16, attempt))) {
                result.get();
            }
        }
        assertThat(won).hasValue(1);
        assertThat(registry.history(DIGITS, 10, null)).hasSize(3);
    }

    @Test
    void readersSeeOneMomentWhileChangesGoOn() throws Exception {
        deploy(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicBoolean enough = new AtomicBoolean();
            var writing = threads.submit(() -> {
                int number = 1;
                while (!enough.get()) {
                    deploy(++number);
                }
                return number;
            });
            Set<Long> seen = new HashSet<>();
            while (seen.size() < 10 && !writing.isDone()) {
                ModelRecord record = digits();
                assertThat(record.endpoint()).isEqualTo(Endpoint.of(record.revision()));
                assertThat(record.versions()).hasSize((int) record.revision());
                seen.add(record.revision());
            }
            enough.set(true);
            int written = writing.get();
            assertThat(seen).hasSizeGreaterThanOrEqualTo(10);
            assertThat(registry.verify(DIGITS))
                    .isEqualTo(new Registry.ChainReport(
                            written, true, null, written + " entries, each follows on the one before"));
        }
    }
}
