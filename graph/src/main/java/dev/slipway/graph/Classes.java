package dev.slipway.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a graph says of classes: the labels in its classifiers' attributes, and which outputs give class and scores. */
final class Classes {

    private static final String ML = "ai.onnx.ml";
    private static final Set<String> CLASSIFIERS =
            Set.of("TreeEnsembleClassifier", "LinearClassifier", "SVMClassifier");
    private static final Set<String> PASSED_THROUGH =
            Set.of("Identity", "Cast", "Normalizer", "Reshape", "Squeeze", "Flatten", "Softmax");
    private static final int LONGEST_WAY = 16;

    /** A node, and which of its outputs is meant. */
    private record Source(OnnxNode node, int output) {}

    private final OnnxGraph graph;
    private final Map<String, Source> sources = new HashMap<>();

    Classes(OnnxGraph graph) {
        this.graph = graph;
        for (OnnxNode node : graph.nodes()) {
            for (int i = 0; i < node.outputs().size(); i++) {
                sources.put(node.outputs().get(i), new Source(node, i));
            }
        }
    }

    /** The labels of the ZipMap or classifier behind the graph's outputs; empty when there is none. */
    List<String> labels() {
        for (OnnxValue output : graph.outputs()) {
            List<String> zipped = zipped(output.name());
            if (!zipped.isEmpty()) {
                return zipped;
            }
        }
        for (OnnxValue output : graph.outputs()) {
            Source source = origin(output.name());
            if (source != null && classifier(source.node())) {
                return labels(source.node());
            }
        }
        return List.of();
    }

    /** The keys of the maps that an output is made of, sorted as the runtime's maps are; empty when they are not known. */
    List<String> zipped(String output) {
        Source source = origin(output);
        if (source == null || !source.node().is(ML, "ZipMap")) {
            return List.of();
        }
        OnnxAttribute numbers = source.node().attribute("classlabels_int64s").orElse(null);
        if (numbers != null && numbers.whole() && !numbers.integers().isEmpty()) {
            return numbers.integers().stream().sorted().map(String::valueOf).toList();
        }
        return labels(source.node()).stream().sorted().toList();
    }

    OnnxInspection.@Nullable ClassOutputs outputs() {
        String label = null;
        String scores = null;
        for (OnnxValue output : graph.outputs()) {
            Source source = origin(output.name());
            if (source == null) {
                continue;
            }
            if (source.node().is(ML, "ZipMap")) {
                scores = output.name();
            } else if (classifier(source.node()) && source.output() == 0) {
                label = output.name();
            } else if (classifier(source.node()) && scores == null) {
                scores = output.name();
            }
        }
        if (label == null && scores != null) {
            label = onlyOther(scores);
        }
        return label == null && scores == null ? null : new OnnxInspection.ClassOutputs(label, scores);
    }

    /** The one output beside the scores that has one value of a label's type for each row. */
    private @Nullable String onlyOther(String scores) {
        String found = null;
        for (OnnxValue output : graph.outputs()) {
            if (output.name().equals(scores)
                    || !(output.type() instanceof OnnxType.Tensor tensor)
                    || (tensor.element() != ElementType.INT64.number()
                            && tensor.element() != ElementType.STRING.number())) {
                continue;
            }
            if (found != null) {
                return null;
            }
            found = output.name();
        }
        return found;
    }

    private @Nullable Source origin(String value) {
        Source source = sources.get(value);
        for (int i = 0; i < LONGEST_WAY && source != null; i++) {
            OnnxNode node = source.node();
            if (!PASSED_THROUGH.contains(node.operator()) || node.inputs().isEmpty()) {
                return source;
            }
            source = sources.get(node.inputs().getFirst());
        }
        return source;
    }

    private static boolean classifier(OnnxNode node) {
        return node.domain().equals(ML) && CLASSIFIERS.contains(node.operator());
    }

    private static List<String> labels(OnnxNode node) {
        for (String attribute : List.of("classlabels_strings", "classlabels_int64s", "classlabels_ints")) {
            OnnxAttribute labels = node.attribute(attribute).orElse(null);
            if (labels == null || !labels.whole()) {
                continue;
            }
            if (!labels.texts().isEmpty()) {
                return labels.texts();
            }
            if (!labels.integers().isEmpty()) {
                return labels.integers().stream().map(String::valueOf).toList();
            }
        }
        return List.of();
    }
}
