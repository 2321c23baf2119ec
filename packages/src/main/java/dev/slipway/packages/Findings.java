package dev.slipway.packages;

import dev.slipway.core.Manifest;
import dev.slipway.core.Task;
import dev.slipway.core.TensorSpec;
import dev.slipway.graph.OnnxInspection;
import dev.slipway.packages.OpenedPackage.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says in sentences what inspection found. */
final class Findings {

    private Findings() {}

    static List<Finding> of(OnnxInspection inspection, Manifest manifest, boolean inferred) {
        List<Finding> findings = new ArrayList<>();
        findings.add(info("ONNX, IR version " + inspection.irVersion() + ", operator sets "
                + inspection.opsets().entrySet().stream()
                        .map(opset -> (opset.getKey().isEmpty() ? "ai.onnx" : opset.getKey()) + " " + opset.getValue())
                        .collect(Collectors.joining(", "))
                + (inspection.producer().isEmpty() ? "" : ", made by " + inspection.producer()) + ", "
                + String.format(Locale.ROOT, "%,d", inspection.parameters()) + " parameters"));
        findings.add(info("inputs " + specs(inspection.signature().inputs()) + "; outputs "
                + specs(inspection.signature().outputs())));
        if (inferred && manifest.task() == Task.TABULAR_CLASSIFICATION) {
            findings.add(info("task " + manifest.task().id() + ", from the "
                    + manifest.labels().size() + " class labels in the graph"));
        }
        if (inferred
                && manifest.task() == Task.TENSORS
                && !inspection.classLabels().isEmpty()) {
            findings.add(
                    info("a classifier, yet its inputs do not tell the columns of a table: give columns in model.yaml"
                            + " to send rows"));
        }
        inspection.externalFiles().forEach(file -> findings.add(info("weights in " + file)));
        if (Boolean.TRUE.equals(manifest.batchable())) {
            inspection
                    .rowMixing()
                    .forEach(reason -> findings.add(Finding.warning(
                            "the package calls it batchable, yet rows may influence" + " each other, " + reason)));
        }
        return findings;
    }

    static Finding info(String text) {
        return Finding.info(text);
    }

    private static String specs(List<TensorSpec> specs) {
        return specs.isEmpty()
                ? "none"
                : specs.stream().map(TensorSpec::toString).collect(Collectors.joining(", "));
    }
}
