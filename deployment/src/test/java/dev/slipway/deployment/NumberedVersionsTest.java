package dev.slipway.deployment;

import static dev.slipway.deployment.Yard.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Endpoint;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.packages.OpenedPackage.Finding;
import dev.slipway.serving.VersionState;
import dev.slipway.testing.CountingPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A folder of numbered versions keeps its numbers. */
class NumberedVersionsTest {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path folder;

    private Yard yard;
    private Path numbered;

    @BeforeEach
    void open() {
        yard = new Yard(folder, pool);
        numbered = folder.resolve("numbered");
        Yard.write(numbered.resolve("3"), 3, "");
        Yard.write(numbered.resolve("7"), 7, "");
    }

    @AfterEach
    void close() {
        yard.close();
    }

    @Test
    void theHighestServesAndTheOthersAreRegistered() {
        DeployResult result = yard.deploy(numbered);

        assertThat(result.versions()).containsExactly(3L, 7L);
        assertThat(result.model().record().endpoint()).isEqualTo(Endpoint.of(7));
        assertThat(result.model().versions()).hasSize(2);
        assertThat(yard.answer()).isEqualTo(7);
    }

    @Test
    void theSameFolderAgainChangesNothing() {
        yard.deploy(numbered);

        DeployResult again = yard.deploy(numbered);

        assertThat(again.created()).isFalse();
        assertThat(again.versions()).containsExactly(3L, 7L);
        assertThat(yard.deployments.model(MODEL).versions()).hasSize(2);
    }

    @Test
    void anotherModelUnderAKnownNumberIsAConflict() {
        yard.deploy(numbered);
        Yard.write(numbered.resolve("3"), 4, "");

        assertThatThrownBy(() -> yard.deploy(numbered))
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.Conflict.class))
                .hasMessageContaining("version 3 of 'times' is sha256:");
        assertThat(yard.answer()).isEqualTo(7);
    }

    @Test
    void aNumberThatWasRemovedIsLeftOut() {
        yard.deploy(numbered);
        yard.deployments.removeVersion(MODEL, 3, "tester");
        Yard.write(numbered.resolve("9"), 9, "");

        DeployResult result = yard.deploy(numbered);

        assertThat(result.versions()).containsExactly(7L, 9L);
        assertThat(result.findings())
                .contains(Finding.warning("version 3 was removed and is left out: a number is never given again"));
        assertThat(yard.answer()).isEqualTo(9);
    }

    @Test
    void aHighestNumberThatWasRemovedIsRefusedBeforeAnythingHappens() {
        yard.deploy(numbered);
        yard.deployments.endpoint(MODEL, Endpoint.of(3), "tester", null);
        yard.deployments.removeVersion(MODEL, 7, "tester");
        Yard.write(numbered.resolve("5"), 5, "");

        assertThatThrownBy(() -> yard.deploy(numbered))
                .hasMessage(
                        "version 7 of 'times' was removed, and a number is never given again: the next free one is 8");
        assertThat(yard.deployments.model(MODEL).versions()).hasSize(1);
    }

    @Test
    void whatOneOfTheOthersLacksLeavesEverythingAsItWas() {
        Yard.write(
                numbered.resolve("3"),
                3,
                "task: tabular-regression\ncolumns: [a, b]\noutputs: {value: {from: y, steps: [nonsense]}}");

        assertThatThrownBy(() -> yard.deploy(numbered)).hasMessageContaining("nonsense");
        assertThat(yard.deployments.models()).isEmpty();
    }

    @Test
    void aNewNumberBesideKnownOnesIsAdded() {
        yard.deploy(numbered);
        Yard.write(numbered.resolve("9"), 9, "");

        assertThat(yard.deploy(numbered).versions()).containsExactly(3L, 7L, 9L);
        assertThat(yard.answer()).isEqualTo(9);
        assertThat(yard.deploy(yard.times(2)).version().record().number()).isEqualTo(10);
    }

    @Test
    void theChecksOfTheOthersComeBeforeTheyServe() throws IOException {
        for (String number : List.of("3", "7")) {
            Yard.write(numbered.resolve(number), Float.parseFloat(number), "checks: {golden: golden.jsonl}");
            Files.writeString(
                    numbered.resolve(number).resolve("golden.jsonl"),
                    "{\"input\": {\"inputs\": {\"x\": [[1, 1]]}}, \"output\": {\"outputs\": {\"y\": [[7, 7]]}}}");
        }
        yard.deploy(numbered);

        assertThatThrownBy(() -> yard.deployments.endpoint(MODEL, Endpoint.of(3), "tester", null))
                .hasMessageContaining("a check failed");
        assertThatThrownBy(() -> yard.deployments.rollback(MODEL, 3L, "tester")).hasMessageContaining("a check failed");
        assertThatThrownBy(() -> yard.deployments.load(MODEL, 3L, "tester")).hasMessageContaining("a check failed");
        assertThatThrownBy(() -> yard.deployments.alias(MODEL, "canary", 3L, "tester", null))
                .hasMessageContaining("a check failed");
        assertThat(yard.answer()).isEqualTo(7);
        assertThat(yard.deployments.model(MODEL).record().endpoint()).isEqualTo(Endpoint.of(7));
        assertThat(yard.deployments.model(MODEL).version(3).state()).isEqualTo(VersionState.REGISTERED);
    }
}
