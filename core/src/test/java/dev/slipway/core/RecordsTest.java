package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What the records of a deployment refuse. */
class RecordsTest {

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(FailureException.class).hasMessage(message);
    }

    @Test
    void versionsArePositive() {
        refused(() -> ModelRef.of(ModelName.of("m"), -1), "version -1 must be a positive whole number");
        refused(() -> Endpoint.of(0), "version 0 must be a positive whole number");
    }

    @Test
    void checksAskForWhatCanBe() {
        refused(
                () -> new Manifest.Latency(20, 1_000_000_000),
                "checks.latency.batch: 1000000000 given, must be between 1 and 65536");
        refused(() -> new Manifest.Latency(0, 1), "checks.latency.p99: 0.0 given, must be positive");
        refused(
                () -> new Manifest.Accuracy("test.csv", "y", 1.5),
                "checks.accuracy.at_least: 1.5 given, must be between 0 and 1");
    }
}
