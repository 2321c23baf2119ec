package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelName;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private static final ModelName MODEL = ModelName.of("m");
    private static final String LOADED = "slipway_model_loaded{model=\"m\",version=\"1\"} 1";

    private final Metrics metrics = new Metrics();

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void aRefusalIsCountedUnderTheCodeOfItsFailure() {
        metrics.refused(MODEL, new Failure.ModelNotFound("none"));
        metrics.refused(MODEL, new Failure.Overloaded("full", Duration.ofSeconds(1)));
        metrics.refused(MODEL, new Failure.Overloaded("full", Duration.ofSeconds(1)));

        assertThat(metrics.scrape())
                .contains("slipway_rejected_total{reason=\"model-not-found\"} 1")
                .contains("slipway_rejected_total{reason=\"overloaded\"} 2");
    }

    @Test
    void aFailureIsCountedOfItsVersionUnderItsCode() {
        metrics.failed(MODEL, 1, new Failure.ModelFailed("no"));

        assertThat(metrics.scrape())
                .contains("slipway_errors_total{model=\"m\",reason=\"model-failed\",version=\"1\"} 1");
    }

    @Test
    void aVersionStaysLoadedWhileNewSettingsReplaceIt() {
        metrics.loaded(MODEL, 1, 5);
        metrics.loaded(MODEL, 1, 5);
        metrics.unloaded(MODEL, 1);
        assertThat(metrics.scrape()).contains(LOADED);

        metrics.unloaded(MODEL, 1);
        assertThat(metrics.scrape()).doesNotContain("slipway_model_loaded{");

        metrics.loaded(MODEL, 1, 5);
        assertThat(metrics.scrape())
                .contains(LOADED)
                .contains("slipway_model_load_seconds_count{model=\"m\",version=\"1\"} 3");
    }

    @Test
    void anAnswerCountsWhereItsTimeWent() {
        metrics.answered(MODEL, 1, new InferenceResponse.Timing(2_000_000, 3_000_000, 1), 6_000_000);
        metrics.ran(MODEL, 1, 4, 3_000_000);

        assertThat(metrics.scrape())
                .contains("slipway_queue_seconds_sum{model=\"m\",version=\"1\"} 0.002")
                .contains("slipway_inference_seconds_sum{model=\"m\",version=\"1\"} 0.003")
                .contains("slipway_batch_size_sum{model=\"m\",version=\"1\"} 4.0");
    }

    @Test
    void aRemovedVersionLeavesNothing() {
        for (long version = 1; version <= 2; version++) {
            metrics.loaded(MODEL, version, 5);
            metrics.answered(MODEL, version, new InferenceResponse.Timing(1, 1, 1), 2);
            metrics.cached(MODEL, version, true);
            metrics.cached(MODEL, version, false);
            metrics.failed(MODEL, version, new Failure.ModelFailed("no"));
            metrics.request("m", Long.toString(version), "/predict", "200", 5);
        }
        metrics.unloaded(MODEL, 1);
        metrics.removed(MODEL, 1);
        assertThat(metrics.scrape()).doesNotContain("version=\"1\"").contains("version=\"2\"");

        metrics.request("m", "1", "/predict", "200", 5);
        metrics.unloaded(MODEL, 2);
        metrics.removed(MODEL, 2);
        assertThat(metrics.scrape())
                .as("also of an answer that was on its way when its version was removed")
                .doesNotContain("model=\"m\"");
    }

    @Test
    void aVersionThatIsThereAgainCounts() {
        metrics.removed(MODEL, 1);
        metrics.loaded(MODEL, 1, 5);
        metrics.removed(MODEL, 2);
        assertThat(metrics.scrape()).contains(LOADED);
    }
}
