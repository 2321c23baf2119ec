package dev.slipway.packages;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Manifest;
import dev.slipway.core.Signature;
import dev.slipway.core.StepSpec;
import dev.slipway.core.Task;
import dev.slipway.core.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A manifest as a document. Inputs and outputs are lists, since their order means something and canonical text sorts
 * names; a dynamic dimension is its name, a shape of unknown rank is left out.
 */
final class ManifestDocument {

    private static final List<String> KEYS = List.of(
            "format",
            "model",
            "task",
            "description",
            "labels",
            "columns",
            "signature",
            "inputs",
            "outputs",
            "checks",
            "batchable",
            "lineage");

    private ManifestDocument() {}

    static Map<String, Object> write(Manifest manifest) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("format", manifest.format());
        document.put("model", manifest.model());
        document.put("task", manifest.task().id());
        document.put("description", manifest.description());
        document.put("labels", manifest.labels());
        document.put("columns", manifest.columns());
        Map<String, Object> signature = new LinkedHashMap<>();
        signature.put(
                "inputs",
                manifest.signature().inputs().stream()
                        .map(ManifestDocument::spec)
                        .toList());
        signature.put(
                "outputs",
                manifest.signature().outputs().stream()
                        .map(ManifestDocument::spec)
                        .toList());
        document.put("signature", signature);
        List<Object> inputs = new ArrayList<>();
        manifest.inputs().forEach((name, input) -> inputs.add(part(name, "to", input.to(), input.steps())));
        document.put("inputs", inputs);
        List<Object> outputs = new ArrayList<>();
        manifest.outputs().forEach((name, output) -> outputs.add(part(name, "from", output.from(), output.steps())));
        document.put("outputs", outputs);
        document.put("checks", checks(manifest.checks()));
        if (manifest.batchable() != null) {
            document.put("batchable", manifest.batchable());
        }
        document.put("lineage", manifest.lineage());
        return document;
    }

    private static Map<String, Object> spec(TensorSpec spec) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", spec.name());
        document.put("datatype", spec.dataType().name());
        if (spec.shape().ranked()) {
            document.put(
                    "shape",
                    spec.shape().dims().stream()
                            .map(dim -> switch (dim) {
                                case Dimension.Fixed(long size) -> (Object) size;
                                case Dimension.Dynamic(String name) -> (Object) name;
                            })
                            .toList());
        }
        if (spec.optional()) {
            document.put("optional", true);
        }
        return document;
    }

    private static Map<String, Object> part(String name, String direction, String tensor, List<StepSpec> steps) {
        return Map.of(
                "name",
                name,
                direction,
                tensor,
                "steps",
                steps.stream()
                        .map(step -> Map.of("name", step.name(), "arguments", step.arguments()))
                        .toList());
    }

    private static Map<String, Object> checks(Manifest.Checks checks) {
        Map<String, Object> document = new LinkedHashMap<>();
        if (checks.golden() != null) {
            document.put("golden", checks.golden());
        }
        Manifest.Accuracy accuracy = checks.accuracy();
        if (accuracy != null) {
            document.put(
                    "accuracy",
                    Map.of("data", accuracy.data(), "label", accuracy.label(), "at_least", accuracy.atLeast()));
        }
        Manifest.Latency latency = checks.latency();
        if (latency != null) {
            document.put("latency", Map.of("p99_ms", latency.p99Millis(), "batch", latency.batch()));
        }
        return document;
    }

    static Manifest read(Element document) {
        Faults faults = new Faults("manifest");
        Fields fields = Fields.of(document, faults).only(KEYS);
        List<TensorSpec> inputs = new ArrayList<>();
        List<TensorSpec> outputs = new ArrayList<>();
        Fields signature = fields.below("signature", List.of("inputs", "outputs"));
        signature.each("inputs", spec -> inputs.add(spec(spec)));
        signature.each("outputs", spec -> outputs.add(spec(spec)));
        Map<String, Manifest.Input> to = new LinkedHashMap<>();
        fields.each(
                "inputs", part -> to.put(part.text("name", ""), new Manifest.Input(part.text("to", ""), steps(part))));
        Map<String, Manifest.Output> from = new LinkedHashMap<>();
        fields.each(
                "outputs",
                part -> from.put(part.text("name", ""), new Manifest.Output(part.text("from", ""), steps(part))));
        Manifest manifest = new Manifest(
                fields.text("format", ""),
                fields.text("model", ""),
                known(fields, "task", Task.of(fields.text("task", "")), Task.TENSORS),
                fields.text("description", ""),
                fields.texts("labels"),
                fields.texts("columns"),
                new Signature(inputs, outputs),
                to,
                from,
                checks(fields.below("checks", List.of("golden", "accuracy", "latency"))),
                fields.flag("batchable"),
                fields.textsByKey("lineage"));
        faults.refuse();
        return manifest;
    }

    private static <T> T known(Fields fields, String key, Optional<T> value, T otherwise) {
        return value.orElseGet(() -> {
            fields.fault(key, "must be known", "'" + fields.text(key, "") + "'");
            return otherwise;
        });
    }

    private static TensorSpec spec(Fields fields) {
        String given = fields.text("datatype", "");
        DataType dataType = DataType.of(given).orElseGet(() -> {
            fields.fault("datatype", "must be a datatype", "'" + given + "'");
            return DataType.FP32;
        });
        return new TensorSpec(
                fields.text("name", ""),
                dataType,
                fields.has("shape") ? shape(fields) : DeclaredShape.ANY,
                Boolean.TRUE.equals(fields.flag("optional")));
    }

    private static DeclaredShape shape(Fields fields) {
        List<Dimension> dims = new ArrayList<>();
        for (Element element : fields.elements("shape")) {
            Object value = element.toValue();
            if (value instanceof Long size && size >= 0) {
                dims.add(Dimension.of(size));
            } else if (value instanceof String name) {
                dims.add(Dimension.of(name));
            } else {
                fields.fault("shape", "must have sizes and names", element.described());
            }
        }
        return new DeclaredShape(true, dims);
    }

    private static List<StepSpec> steps(Fields fields) {
        List<StepSpec> steps = new ArrayList<>();
        fields.each("steps", step -> {
            Element arguments = step.element("arguments");
            Map<String, Object> values = new LinkedHashMap<>();
            if (arguments instanceof Element.Section section) {
                section.members()
                        .forEach((key, member) ->
                                values.put(key, member.element().toValue()));
            }
            steps.add(new StepSpec(step.text("name", ""), values));
        });
        return steps;
    }

    private static Manifest.Checks checks(Fields fields) {
        return new Manifest.Checks(fields.text("golden"), accuracy(fields), latency(fields));
    }

    private static Manifest.@Nullable Accuracy accuracy(Fields checks) {
        if (!checks.has("accuracy")) {
            return null;
        }
        Fields fields = checks.below("accuracy", List.of("data", "label", "at_least"));
        Double atLeast = fields.number("at_least");
        return new Manifest.Accuracy(fields.text("data", ""), fields.text("label", ""), atLeast == null ? 0 : atLeast);
    }

    private static Manifest.@Nullable Latency latency(Fields checks) {
        if (!checks.has("latency")) {
            return null;
        }
        Fields fields = checks.below("latency", List.of("p99_ms", "batch"));
        Double p99 = fields.number("p99_ms");
        return new Manifest.Latency(p99 == null ? 1 : p99, fields.whole("batch", 1));
    }
}
