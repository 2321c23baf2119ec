package dev.slipway.deployment;

import dev.slipway.core.Manifest;
import dev.slipway.core.Task;
import dev.slipway.core.TensorSpec;
import dev.slipway.packages.OpenedPackage.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What callers notice when a version takes the place of another. */
final class Replacement {

    private Replacement() {}

    /** A warning for each part of the interface that is not as it was in version {@code number}. */
    static List<Finding> warnings(long number, Manifest before, Manifest after) {
        List<Finding> warnings = new ArrayList<>();
        if (before.task() != after.task()) {
            String kept = after.task() == Task.TENSORS ? "; a package with a model.yaml keeps it" : "";
            warn(
                    warnings,
                    "what /predict takes changes",
                    number,
                    before.task().id(),
                    after.task().id() + kept);
        } else if (!before.columns().equals(after.columns())) {
            warn(warnings, "columns change", number, list(before.columns()), list(after.columns()));
        }
        changed(
                warnings,
                "inputs change",
                number,
                before.signature().inputs(),
                after.signature().inputs());
        changed(
                warnings,
                "outputs change",
                number,
                before.signature().outputs(),
                after.signature().outputs());
        return List.copyOf(warnings);
    }

    private static void changed(
            List<Finding> warnings, String side, long number, List<TensorSpec> before, List<TensorSpec> after) {
        if (!types(before).equals(types(after))) {
            warn(warnings, side, number, types(before), types(after));
        }
    }

    /** Names, types and shapes; how a dynamic dimension is called does not matter. */
    private static String types(List<TensorSpec> specs) {
        return specs.stream()
                .map(spec -> spec.name() + " " + spec.dataType()
                        + (spec.shape().ranked() ? spec.shape().sizes() : "[...]"))
                .collect(Collectors.joining(", "));
    }

    private static String list(List<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    private static void warn(List<Finding> warnings, String what, long number, String before, String after) {
        warnings.add(Finding.warning(what + ": version " + number + " is " + before + ", this one " + after));
    }
}
