package dev.slipway.packages;

import dev.slipway.core.Count;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Manifest;
import dev.slipway.core.Signature;
import dev.slipway.core.Task;
import dev.slipway.core.TensorSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds where a package's words contradict its graph. */
final class ManifestCheck {

    private final Manifest manifest;
    private final Signature signature;
    private final Fields fields;

    /** A check whose faults are told at the keys of {@code fields}. */
    ManifestCheck(Manifest manifest, Fields fields) {
        this.manifest = manifest;
        this.signature = manifest.signature();
        this.fields = fields;
    }

    void run(@Nullable String scores) {
        inputs();
        outputs();
        columns();
        labels(scores);
    }

    private void inputs() {
        if (manifest.inputs().isEmpty()) {
            return;
        }
        Set<String> names = names(signature.inputs());
        Map<String, String> given = new HashMap<>();
        manifest.inputs().forEach((name, input) -> {
            Fields at = fields.sectionAt("inputs").sectionAt(name);
            if (!names.contains(input.to())) {
                at.unknown("to", "input of the graph", input.to(), names);
            }
            String other = given.putIfAbsent(input.to(), name);
            if (other != null) {
                at.fault("to", "must be an input of its own, '" + other + "' has it", "'" + input.to() + "'");
            }
        });
        for (TensorSpec spec : signature.inputs()) {
            if (!spec.optional() && !given.containsKey(spec.name())) {
                fields.fault("inputs", "must fill the graph's input '" + spec.name() + "'", "nothing for it");
            }
        }
    }

    private void outputs() {
        Set<String> names = names(signature.outputs());
        manifest.outputs().forEach((name, output) -> {
            if (!names.contains(output.from())) {
                fields.sectionAt("outputs")
                        .sectionAt(name)
                        .unknown("from", "output of the graph", output.from(), names);
            }
        });
    }

    private void columns() {
        List<String> columns = manifest.columns();
        if (columns.isEmpty()) {
            return;
        }
        repeated("columns", columns);
        if (manifest.task() != Task.TABULAR_CLASSIFICATION && manifest.task() != Task.TABULAR_REGRESSION) {
            fields.fault(
                    "columns",
                    "must stand beside task: " + Task.TABULAR_CLASSIFICATION.id() + " or "
                            + Task.TABULAR_REGRESSION.id(),
                    "task " + manifest.task().id());
        }
        List<TensorSpec> required =
                signature.inputs().stream().filter(spec -> !spec.optional()).toList();
        if (required.size() == 1) {
            TensorSpec input = required.getFirst();
            OptionalLong last = lastAxis(input.shape());
            boolean alone = columns.equals(List.of(input.name()));
            if (last.isPresent() && last.getAsLong() != columns.size() && !alone) {
                fields.fault(
                        "columns",
                        "must name the " + last.getAsLong() + " features of input '" + input + "'",
                        Count.of(columns.size(), "name"));
            }
            return;
        }
        Set<String> names = names(signature.inputs());
        for (String column : columns) {
            if (!names.contains(column)) {
                fields.unknown("columns", "input of the graph, which has one for each column", column, names);
            }
        }
        Set<String> named = new HashSet<>(columns);
        for (TensorSpec spec : required) {
            if (!named.contains(spec.name())) {
                fields.fault("columns", "must have the graph's input '" + spec.name() + "'", columns.toString());
            }
        }
    }

    private static Set<String> names(List<TensorSpec> specs) {
        return specs.stream().map(TensorSpec::name).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private void labels(@Nullable String scores) {
        List<String> labels = manifest.labels();
        if (labels.isEmpty()) {
            return;
        }
        repeated("labels", labels);
        TensorSpec output = classOutput(scores);
        if (output == null || !output.dataType().floating()) {
            return;
        }
        OptionalLong last = lastAxis(output.shape());
        boolean binary = labels.size() == 2 && last.isPresent() && last.getAsLong() == 1;
        if (last.isPresent() && last.getAsLong() != labels.size() && !binary) {
            fields.fault(
                    "labels",
                    "must name the " + last.getAsLong() + " classes of output '" + output + "'",
                    Count.of(labels.size(), "label"));
        }
    }

    private @Nullable TensorSpec classOutput(@Nullable String scores) {
        Manifest.Output declared = manifest.outputs().get("class");
        if (declared != null) {
            return signature.output(declared.from()).orElse(null);
        }
        if (scores != null) {
            return signature.output(scores).orElse(null);
        }
        return signature.outputs().size() == 1 ? signature.outputs().getFirst() : null;
    }

    private void repeated(String key, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                fields.fault(key, "must differ from each other", "'" + name + "' twice");
            }
        }
    }

    private static OptionalLong lastAxis(DeclaredShape shape) {
        return shape.ranked() && shape.dims().size() > 1 && shape.dims().getLast() instanceof Dimension.Fixed(long size)
                ? OptionalLong.of(size)
                : OptionalLong.empty();
    }
}
