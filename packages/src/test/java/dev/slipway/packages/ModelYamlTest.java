package dev.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Manifest;
import dev.slipway.core.Settings;
import dev.slipway.core.StepSpec;
import dev.slipway.core.Task;
import dev.slipway.testing.onnx.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelYamlTest {

    @TempDir
    Path folder;

    @Test
    void everyKeyIsRead() throws IOException {
        Files.writeString(folder.resolve("golden.jsonl"), "{}");
        Files.writeString(folder.resolve("test.csv"), "a");
        OpenedPackage opened = open(Samples.scores(), """
                name: flowers
                description: irises
                model: model.onnx
                format: onnx
                task: tabular-classification
                labels: [setosa, 1, yes]
                columns: [a, b, c, d]
                inputs:
                  rows: {to: features, steps: [decode, {scale: 0.5}, {resize: {height: 8, like: nearest}}]}
                outputs:
                  class: {from: probabilities, steps: [softmax, {top: 1}]}
                settings:
                  batching: {max_size: 8, max_delay: 5ms}
                  instances: auto
                  timeout: 2s
                checks:
                  golden: golden.jsonl
                  accuracy: {data: test.csv, label: species, at_least: 0.97}
                  latency: {p99: 20ms, batch: 2}
                batchable: true
                lineage: {data: "sha256:12", epochs: 10}
                """);
        assertThat(opened.name()).isEqualTo("flowers");
        OpenedPackage.Version version = opened.versions().get(0L);
        Manifest manifest = version.manifest();
        assertThat(manifest.description()).isEqualTo("irises");
        assertThat(manifest.task()).isEqualTo(Task.TABULAR_CLASSIFICATION);
        assertThat(manifest.labels()).containsExactly("setosa", "1", "yes");
        assertThat(manifest.columns()).containsExactly("a", "b", "c", "d");
        assertThat(manifest.inputs())
                .isEqualTo(Map.of(
                        "rows",
                        new Manifest.Input(
                                "features",
                                List.of(
                                        new StepSpec("decode", Map.of()),
                                        new StepSpec("scale", Map.of("value", 0.5)),
                                        new StepSpec("resize", Map.of("height", 8L, "like", "nearest"))))));
        assertThat(manifest.outputs())
                .isEqualTo(Map.of(
                        "class",
                        new Manifest.Output(
                                "probabilities",
                                List.of(new StepSpec("softmax", Map.of()), new StepSpec("top", Map.of("value", 1L))))));
        assertThat(manifest.checks())
                .isEqualTo(new Manifest.Checks(
                        "golden.jsonl",
                        new Manifest.Accuracy("test.csv", "species", 0.97),
                        new Manifest.Latency(20, 2)));
        assertThat(manifest.batchable()).isTrue();
        assertThat(manifest.lineage()).isEqualTo(Map.of("data", "sha256:12", "epochs", "10"));
        Settings settings = version.settings();
        assertThat(settings.batching()).isEqualTo(new Settings.Batching(8, Duration.ofMillis(5), List.of()));
        assertThat(settings.instances()).isZero();
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.queue()).isEqualTo(Settings.DEFAULT.queue());
    }

    @Test
    void aDocumentOfMoreThanAMegabyteIsRefusedUnread() {
        assertThatThrownBy(() -> open(Samples.scores(), "description: " + "x".repeat(1 << 20)))
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.TooLarge.class))
                .hasMessageContaining("at most 1048576 are read");
    }

    @Test
    void ofManyFaultsTheFirstAreToldAndTheOthersCounted() {
        StringBuilder yaml = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            yaml.append("k").append(i).append(":\n");
        }
        assertThatThrownBy(() -> open(Samples.scores(), yaml.toString()))
                .hasMessageContaining("got 'k0'")
                .hasMessageContaining("; and 99995 more")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(10_000));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"- a | a list of 1", "just text | 'just text'", "7 | 7"})
    void aDocumentThatIsNoSectionIsOneFault(String yaml, String given) {
        assertThatThrownBy(() -> open(Samples.scores(), yaml))
                .hasMessage("model.yaml, line 1: must be keys and values, got " + given);
    }

    @Test
    void anEmptyFileSaysNothing() throws IOException {
        assertThat(open(Samples.scores(), "").versions().get(0L).manifest().task())
                .isEqualTo(Task.TENSORS);
        assertThat(open(Samples.scores(), "# nothing\n").versions()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "modle: m.onnx | model.yaml, line 1: must be a known key, perhaps 'model', got 'modle'",
                "name: a\\nlables: [a] | line 2: must be a known key, perhaps 'labels'",
                "inputs: {x: {too: features}} | perhaps 'to', got 'too'",
                "settings: {batching: {maxsize: 3}} | perhaps 'max_size'",
                "task: image-clasification | perhaps 'image-classification'",
                "columns: 4 | columns: must be a list, got 4",
                "batchable: perhaps | batchable: must be true or false, got 'perhaps'",
                "settings: {timeout: soon} | must be a duration",
                "settings: {memory_limit: much} | must be a size",
                "settings: {queue: {size: 0}} | queue.size",
                "settings: {queue: {priority_levels: 2, default_priority: 3}} | between 1 and 2",
                "settings: {queue: {priority_policies: {1: {}}}} | between 1 and priority_levels, 0",
                "settings: {queue: {priority_policies: {high: {}}}} | must be levels, such as 1, got 'high'",
                "settings: {queue: {policy: {timeout_action: wait}}} | must be one of reject, delay",
                "settings: {batching: {max_size: 4, preferred_sizes: [8]}} | between 1 and max_size, 4",
                "settings: {batching: {preferred_sizes: [2.5]}} | must be a list of whole numbers",
                "settings: {instances: 1.5} | must be a whole number, got 1.5",
                "settings: {optimization: most} | must be one of none, basic, extended, all",
                "checks: {accuracy: {data: x.csv, label: y, at_least: 97}} | must be a share from 0 to 1",
                "checks: {latency: {p99: 0ms}} | must be a duration above zero",
                "checks: {golden: absent.jsonl} | must be a file of the package",
                "checks: {golden: ../secret} | inside the package",
                "labels: /etc/passwd | inside the package",
                "model: ../../m.onnx | inside the package",
                "model: absent.onnx | must be a file of the package",
                "format: tflite | must be onnx",
                "outputs: {class: {from: probabilities, steps: [{a: 1, b: 2}]}} | must have steps as a name",
                "- a list | must be keys and values",
                "name: a b | model name 'a b' must match",
            })
    void whatDoesNotFitIsRefusedByPlaceAndRule(String yaml, String words) {
        refused(Samples.scores(), yaml.replace("\\n", "\n"), words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a: 1\\na: 2 | line 2: the key 'a' stands in line 1 already",
                "a: &x [1]\\nb: *x | aliases (*x) are not taken",
                "a: !!java.lang.String x | tags",
                "a: [1, 2 | not YAML",
                "a: 1\\n---\\nb: 2 | a second document begins",
                "a: 99999999999999999999 | out of range",
                "a: .inf | out of range",
                "? [a]\\n: b | a key must be text",
                "a: \\u0000 | model.yaml",
            })
    void whatIsNoPlainYamlIsMalformed(String yaml, String words) {
        refused(Samples.scores(), yaml.replace("\\n", "\n").replace("\\u0000", "\0"), words);
    }

    @Test
    void deepNestingIsRefused() {
        refused(Samples.scores(), "a: " + "[".repeat(5000), "nests deeper");
    }

    @Test
    void contradictionsWithTheGraphAreToldTogether() {
        String yaml = """
                labels: [a, b]
                columns: [a, b, c]
                inputs:
                  rows: {to: feature}
                outputs:
                  class: {from: logits}
                """;
        assertThatThrownBy(() -> open(Samples.scores(), yaml))
                .hasMessageContaining("inputs.rows.to: must be a known input of the graph, perhaps 'features'")
                .hasMessageContaining("must fill the graph's input 'features'")
                .hasMessageContaining("outputs.class.from")
                .hasMessageContaining("must name the 4 features");
        refused(Samples.scores(), "labels: [a, b]", "must name the 3 classes of output");
        refused(Samples.scores(), "labels: [a, b, a]", "must differ from each other, got 'a' twice");
        refused(
                Samples.scores(),
                "inputs: {a: {to: features}, b: {to: features}}",
                "must be an input of its own, 'a' has it");
    }

    @Test
    void columnsMayBeOneInputEach() throws IOException {
        assertThat(open(Samples.columns(), "task: tabular-regression\ncolumns: [age, name]")
                        .versions()
                        .get(0L)
                        .manifest()
                        .columns())
                .containsExactly("age", "name");
        refused(Samples.columns(), "columns: [age, nam]", "perhaps 'name'");
        refused(Samples.columns(), "columns: [age]", "must have the graph's input 'name'");
    }

    @Test
    void columnsWithoutATaskThatHasThemAreRefused() {
        refused(
                Samples.columns(),
                "columns: [age, name]",
                "model.yaml, line 1, columns: must stand beside task: tabular-classification or tabular-regression,"
                        + " got task tensors");
    }

    private void refused(OnnxModel model, String yaml, String words) {
        assertThatThrownBy(() -> open(model, yaml))
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.BadInput.class))
                .hasMessageContaining(words);
    }

    private OpenedPackage open(OnnxModel model, String yaml) throws IOException {
        model.write(folder.resolve("model.onnx"));
        Files.writeString(folder.resolve("model.yaml"), yaml);
        return new PackageOpener(PackageOpener.Limits.DEFAULT).open(folder, "flowers", folder);
    }
}
