package dev.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.DataSize;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Durations;
import dev.slipway.core.Endpoint;
import dev.slipway.core.FailureException;
import dev.slipway.core.Manifest;
import dev.slipway.core.QueueSettings;
import dev.slipway.core.Settings;
import dev.slipway.core.Signature;
import dev.slipway.core.StepSpec;
import dev.slipway.core.Task;
import dev.slipway.core.TensorSpec;
import dev.slipway.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestsTest {

    private static final Signature SIGNATURE = new Signature(
            List.of(
                    new TensorSpec(
                            "x",
                            DataType.FP32,
                            DeclaredShape.of(Dimension.of("batch"), Dimension.of(4), Dimension.UNKNOWN)),
                    new TensorSpec("w", DataType.INT64, new DeclaredShape(true, List.of()), true)),
            List.of(new TensorSpec("y", DataType.BYTES, DeclaredShape.ANY)));

    private static Manifest full() {
        Map<String, Manifest.Input> inputs = new LinkedHashMap<>();
        inputs.put(
                "z",
                new Manifest.Input(
                        "x", List.of(new StepSpec("decode", Map.of()), new StepSpec("resize", Map.of("height", 8L)))));
        inputs.put("a", new Manifest.Input("w", List.of()));
        return new Manifest(
                "onnx",
                "net/model.onnx",
                Task.IMAGE_CLASSIFICATION,
                "d\u00e9crit \"ici\"",
                List.of("0", "eins"),
                List.of("b", "a"),
                SIGNATURE,
                inputs,
                Map.of(
                        "class",
                        new Manifest.Output(
                                "y",
                                List.of(new StepSpec(
                                        "normalize",
                                        Map.of("mean", List.of(0.5, 1L), "std", 0.25, "like", "x", "on", true))))),
                new Manifest.Checks(
                        "golden.jsonl", new Manifest.Accuracy("t.csv", "y", 1), new Manifest.Latency(12.5, 4)),
                false,
                Map.of("parent", "digits/3", "data", "sha256:1"));
    }

    @Test
    void aManifestIsReadAsItWasWritten() {
        assertThat(Manifests.read(Manifests.write(full()))).isEqualTo(full());
        assertThat(List.copyOf(Manifests.read(Manifests.write(full())).inputs().keySet()))
                .as("the order of inputs")
                .containsExactly("z", "a");
        Manifest bare = Manifest.bare("onnx", "m.onnx", Task.TENSORS, SIGNATURE);
        assertThat(Manifests.read(Manifests.write(bare))).isEqualTo(bare);
    }

    /** Digests of stored versions go by this text: it must never change for a manifest that exists. */
    @Test
    void theCanonicalTextStays() throws IOException {
        assertThat(Manifests.write(full())).isEqualTo(stored("manifest-full.json"));
        assertThat(Manifests.write(Manifest.bare("onnx", "m.onnx", Task.TENSORS, SIGNATURE)))
                .isEqualTo(stored("manifest-bare.json"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | must be keys and values",
                "{\"formatt\":\"onnx\"} | perhaps 'format'",
                "{\"task\":\"fly\"} | task",
                "{\"task\":\"tensors\",\"signature\":{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP99\"}]}} | FP99",
                "{\"task\":\"tensors\",\"signature\":{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[-2]}]}} | -2",
                "nonsense | ",
            })
    void otherDocumentsAreRefused(String json, String words) {
        assertThatThrownBy(() -> Manifests.read(json))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining(words == null ? "" : words);
    }

    @Test
    void settingsAreReadAsTheyWereWritten() {
        Settings settings = new Settings(
                new Settings.Batching(7, Duration.ofNanos(1_500_000), List.of(2, 6)),
                new QueueSettings(
                        9,
                        3,
                        2,
                        new QueueSettings.Policy(0, Duration.ofMillis(20), QueueSettings.TimeoutAction.REJECT),
                        Map.of(
                                1,
                                new QueueSettings.Policy(5, Duration.ofMillis(40), QueueSettings.TimeoutAction.DELAY))),
                3,
                0,
                Settings.Optimization.BASIC,
                DataSize.ofMebibytes(512),
                Duration.ofSeconds(90),
                true);
        assertThat(Manifests.settings(Manifests.toMap(settings), Settings.DEFAULT))
                .isEqualTo(settings);
        assertThat(Json.canonical(Manifests.toMap(settings)))
                .isEqualTo("{\"batching\":{\"max_delay\":\"1500us\",\"max_size\":7,\"preferred_sizes\":[2,6]},"
                        + "\"cache\":true,\"instances\":3,"
                        + "\"intra_op_threads\":\"auto\",\"memory_limit\":\"512MiB\",\"optimization\":\"basic\","
                        + "\"queue\":{\"default_priority\":2,"
                        + "\"policy\":{\"size\":0,\"timeout\":\"20ms\",\"timeout_action\":\"reject\"},"
                        + "\"priority_levels\":3,"
                        + "\"priority_policies\":{\"1\":{\"size\":5,\"timeout\":\"40ms\",\"timeout_action\":\"delay\"}},"
                        + "\"size\":9},\"timeout\":\"90s\"}");
    }

    @Test
    void settingsLeftOutKeepTheirValues() {
        Settings base = Manifests.settings(Map.of("instances", 4), Settings.DEFAULT);
        assertThat(base.instances()).isEqualTo(4);
        Settings next = Manifests.settings(Map.of("batching", Map.of("max_size", 1)), base);
        assertThat(next.instances()).isEqualTo(4);
        assertThat(next.batching().maxSize()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"20ms, PT0.02S", "5s, PT5S", "1.5s, PT1.5S", "250us, PT0.00025S", "0ms, PT0S", "PT1M, PT1M", "2m, PT2M"
    })
    void durationsHaveUnits(String given, String iso) {
        assertThat(Durations.parse(given)).contains(Duration.parse(iso));
        assertThat(Durations.parse(Durations.write(Duration.parse(iso)))).contains(Duration.parse(iso));
    }

    @Test
    void aSignatureHasMinusOneForDynamicDimensionsBesideTheirNames() {
        assertThat(Json.canonical(Manifests.toMap(SIGNATURE)))
                .isEqualTo(
                        "{\"inputs\":[{\"datatype\":\"FP32\",\"dimensions\":[\"batch\",4,-1],\"name\":\"x\",\"shape\":[-1,4,-1]},"
                                + "{\"datatype\":\"INT64\",\"name\":\"w\",\"optional\":true,\"shape\":[]}],"
                                + "\"outputs\":[{\"datatype\":\"BYTES\",\"name\":\"y\",\"shape\":[-1]}]}");
    }

    @Test
    void anEndpointIsReadAsItWasWritten() {
        Endpoint endpoint = new Endpoint(List.of(new Endpoint.Target(3, 9), new Endpoint.Target(4, 1)), 2L, true);
        assertThat(Manifests.endpoint(Manifests.toMap(endpoint))).isEqualTo(endpoint);
        assertThat(Manifests.endpoint(Map.of("targets", List.of(Map.of("version", 5)))))
                .isEqualTo(Endpoint.of(5));
        assertThatThrownBy(() -> Manifests.endpoint(Map.of("target", List.of())))
                .hasMessageContaining("'targets'");
        assertThatThrownBy(() -> Manifests.endpoint(Map.of("targets", List.of(Map.of("version", "x")))))
                .isInstanceOf(FailureException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'targets': []} | must name the versions that answer (to take a model out of service, unload",
                "{'targets': null} | must name the versions that answer",
                "{'targets': [], 'shadow': '1'} | must name the versions that answer",
                "{'targets': [{'version': '1', 'weight': 0}]} | weight 0 of version 1 must lie between 1 and 1000000",
                "{'targets': [{'version': '1', 'weight': -1}]} | weight -1 of version 1 must lie between",
                "{'targets': [{'version': '1', 'weight': 0.5}]} | must be a whole number, got 0.5",
                "{'targets': [{'version': '1', 'weight': 9999999999}]} | must be a whole number of at most 31 bits",
                "{'targets': [{'version': '1'}, {'version': '1'}]} | endpoint has version 1 twice",
                "{'targets': [{'weight': 1}]} | must be given, got nothing",
                "{'targets': [{'version': 'one'}]} | 'one' must be a positive whole number",
                "{'targets': [{'version': '0'}]} | must be a positive whole number",
                "{'targets': '1'} | must be a list",
                "{'targets': [1]} | must be keys and values",
                "{'targets': [{'version': '1'}], 'shaddow': '1'} | perhaps 'shadow'",
                "{'targets': [{'version': '1'}], 'sticky': 'yes'} | must be true or false",
            })
    void anEndpointThatCannotBeMeantIsRefused(String document, String words) {
        Map<String, Object> members = new LinkedHashMap<>();
        ((Map<?, ?>) Json.parse(document.replace('\'', '"'))).forEach((key, value) -> members.put((String) key, value));
        assertThatThrownBy(() -> Manifests.endpoint(members))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining(words);
    }

    private static String stored(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(ManifestsTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
