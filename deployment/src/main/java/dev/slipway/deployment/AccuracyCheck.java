package dev.slipway.deployment;

import dev.slipway.core.Count;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.Manifest;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Task;
import dev.slipway.core.TensorSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts right classes on held-out rows of a CSV file. Tabular tasks get the rows in their own form; others get each
 * row as the elements of their only input, and the largest element of their scores names the class.
 */
final class AccuracyCheck {

    private static final int ROWS = 64;

    private final Manifest manifest;
    private final Manifest.Accuracy accuracy;
    private final String what;

    AccuracyCheck(Manifest manifest, Manifest.Accuracy accuracy) {
        this.manifest = manifest;
        this.accuracy = accuracy;
        this.what = "checks.accuracy: " + accuracy.data();
    }

    Examined run(Trial trial, Path folder) {
        if (manifest.task() == Task.TABULAR_REGRESSION) {
            throw Trial.refused("checks.accuracy counts right classes, the task tabular-regression has none;"
                    + " use golden examples instead");
        }
        CsvTable.Labelled data =
                CsvTable.read(what, folder.resolve(accuracy.data())).splitOff(what, accuracy.label());
        CsvTable features = data.features();
        if (manifest.task() == Task.IMAGE_CLASSIFICATION) {
            requireNumbers(features);
        }
        int rows = features.rows().size();
        int together = rowsTogether();
        long right = 0;
        for (int from = 0; from < rows; from += together) {
            int to = Math.min(rows, from + together);
            List<Optional<String>> classes = classes(trial, features.part(from, to));
            for (int i = from; i < to; i++) {
                String label = data.labels().get(i);
                right += classes.get(i - from)
                                .filter(given -> same(label, given))
                                .isPresent()
                        ? 1
                        : 0;
            }
        }
        double share = (double) right / rows;
        boolean passed = share >= accuracy.atLeast();
        String detail = String.format(
                Locale.ROOT,
                "%.5f on %s of %s, at least %s wanted",
                share,
                Count.of(rows, "row"),
                accuracy.data(),
                accuracy.atLeast());
        return new Examined(new DeployResult.Check("accuracy", passed, detail), List.of());
    }

    /** Names of pictures are what a list of them has, and the pictures are no part of a version. */
    private void requireNumbers(CsvTable features) {
        List<String> row = features.rows().getFirst();
        for (int i = 0; i < row.size(); i++) {
            if (!row.get(i).strip().matches("[-+.\\d].*")) {
                throw Trial.refused(what + ", row 1, " + features.header().get(i) + ": the elements of input '"
                        + manifest.signature().inputs().getFirst() + "' are taken, as numbers, '" + row.get(i)
                        + "' given; pictures can be checked by golden examples, as base64");
            }
        }
    }

    private int rowsTogether() {
        boolean anyNumber = manifest.signature().inputs().stream()
                .allMatch(input -> !input.shape().ranked() || LatencyCheck.takesRows(input));
        return anyNumber ? ROWS : 1;
    }

    /** The class that each row is given; none where all its scores are NaN. */
    private List<Optional<String>> classes(Trial trial, CsvTable rows) {
        List<Optional<String>> classes = trial.form().contentTypes().contains("text/csv")
                ? inForm(trial.answer("text/csv", rows.text()))
                : byTensor(trial, rows);
        if (classes.size() != rows.rows().size()) {
            throw Trial.refused(
                    what + ": " + Count.of(rows.rows().size(), "row") + " got " + Count.of(classes.size(), "answer"));
        }
        return classes;
    }

    private List<Optional<String>> inForm(@Nullable Object answer) {
        if (answer instanceof Map<?, ?> members && members.get("predictions") instanceof List<?> predictions) {
            List<Optional<String>> classes = new ArrayList<>();
            predictions.forEach(prediction -> classes.addAll(inForm(prediction)));
            return classes;
        }
        if (answer instanceof Map<?, ?> members && members.get("class") != null) {
            return List.of(Optional.of(String.valueOf(members.get("class"))));
        }
        throw Trial.refused(what + ": the answer has no 'class'");
    }

    private List<Optional<String>> byTensor(Trial trial, CsvTable rows) {
        List<TensorSpec> inputs = manifest.signature().inputs().stream()
                .filter(input -> !input.optional())
                .toList();
        if (inputs.size() != 1) {
            throw Trial.refused(what + ": rows can only be given to a model with one input, there are " + inputs);
        }
        NamedTensor input = NumberRows.tensor(what, inputs.getFirst(), rows, trial.pool());
        try (InferenceResponse response = trial.run(List.of(input))) {
            return NumberRows.largest(what, scores(response)).stream()
                    .map(best -> best.isEmpty() ? Optional.<String>empty() : Optional.of(named(best.getAsInt())))
                    .toList();
        }
    }

    private String named(int place) {
        return place < manifest.labels().size() ? manifest.labels().get(place) : String.valueOf(place);
    }

    private NamedTensor scores(InferenceResponse response) {
        Manifest.Output output = manifest.outputs().get("class");
        return response.outputs().stream()
                .filter(tensor -> output == null
                        ? tensor.tensor().dataType().floating()
                                && tensor.tensor().shape().rank() >= 2
                        : tensor.name().equals(output.from()))
                .findFirst()
                .orElseThrow(() -> Trial.refused(what + ": the model gives no scores of classes"));
    }

    private boolean same(String label, String given) {
        if (label.equals(given) || manifest.labels().contains(label)) {
            return label.equals(given);
        }
        try {
            double number = Double.parseDouble(label);
            int index = (int) number;
            if (index == number && index >= 0 && index < manifest.labels().size()) {
                return manifest.labels().get(index).equals(given);
            }
            return number == Double.parseDouble(given);
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
