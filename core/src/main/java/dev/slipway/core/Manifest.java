package dev.slipway.core;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is said of a version besides its files: what was found in the model and what its package says.
 *
 * @param format the model's format, {@code onnx}
 * @param model the model's file or folder, relative to the version's folder
 * @param labels class names in the order of the class axis; may be empty
 * @param columns names of the features in the order of the tensor's last axis; may be empty
 * @param signature the tensors of the graph
 * @param inputs what callers of the task's form send, by the caller's name; empty when the task's default applies
 * @param outputs what callers of the task's form get, by the caller's name; empty when the task's default applies
 * @param batchable whether the package says that rows do not influence each other; null leaves it to a probe
 * @param lineage free-form facts kept with the version
 */
public record Manifest(
        String format,
        String model,
        Task task,
        String description,
        List<String> labels,
        List<String> columns,
        Signature signature,
        Map<String, Input> inputs,
        Map<String, Output> outputs,
        Checks checks,
        @Nullable Boolean batchable,
        Map<String, String> lineage) {

    /** How something that a caller sends becomes the tensor {@code to} of the graph. */
    public record Input(String to, List<StepSpec> steps) {
        public Input {
            steps = List.copyOf(steps);
        }
    }

    /** How the tensor {@code from} of the graph becomes something that a caller gets. */
    public record Output(String from, List<StepSpec> steps) {
        public Output {
            steps = List.copyOf(steps);
        }
    }

    /** What must hold before a version may serve. */
    public record Checks(
            @Nullable String golden,
            @Nullable Accuracy accuracy,
            @Nullable Latency latency) {
        public static final Checks NONE = new Checks(null, null, null);
    }

    /**
     * The share of right answers on held-out rows.
     *
     * @param data a CSV file of the package, with a header
     * @param label the column that holds the right answer
     * @param atLeast the least share, 0 to 1
     */
    public record Accuracy(String data, String label, double atLeast) {
        public Accuracy {
            require(atLeast >= 0 && atLeast <= 1, "accuracy.at_least", atLeast, "between 0 and 1");
        }
    }

    /** The latency of a run in process: 99th percentile in milliseconds at most {@code p99Millis} for {@code batch} rows. */
    public record Latency(double p99Millis, int batch) {
        public static final int MOST_ROWS = 65_536;

        public Latency {
            require(p99Millis > 0, "latency.p99", p99Millis, "positive");
            require(batch >= 1 && batch <= MOST_ROWS, "latency.batch", batch, "between 1 and " + MOST_ROWS);
        }
    }

    private static void require(boolean holds, String key, Object given, String rule) {
        if (!holds) {
            throw new FailureException(Failure.BadInput.of("checks." + key + ": " + given + " given, must be " + rule));
        }
    }

    public Manifest {
        labels = List.copyOf(labels);
        columns = List.copyOf(columns);
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        lineage = Collections.unmodifiableMap(new LinkedHashMap<>(lineage));
    }

    /** The same with its model under another name. */
    public Manifest withModel(String name) {
        return new Manifest(
                format,
                name,
                task,
                description,
                labels,
                columns,
                signature,
                inputs,
                outputs,
                checks,
                batchable,
                lineage);
    }

    /** The manifest of a bare model: only what inspection found. */
    public static Manifest bare(String format, String model, Task task, Signature signature) {
        return new Manifest(
                format,
                model,
                task,
                "",
                List.of(),
                List.of(),
                signature,
                Map.of(),
                Map.of(),
                Checks.NONE,
                null,
                Map.of());
    }
}
