package dev.slipway.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds operators through which rows of a batch may influence each other. Only values that depend on the model's inputs
 * count: what is computed from weights or from shapes is the same for every row. The first axis is taken for the batch
 * throughout, so a transposed graph may escape; a probe at deploy has the last word.
 */
final class RowMixing {

    private static final Set<String> RANDOM = Set.of(
            "RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike", "Multinomial", "Bernoulli");
    private static final Map<String, String> ALWAYS = Map.of(
            "DynamicQuantizeLinear", "takes one scale from the whole batch",
            "com.microsoft::DynamicQuantizeMatMul", "takes one scale from the whole batch",
            "com.microsoft::DynamicQuantizeLSTM", "takes one scale from the whole batch",
            "NonMaxSuppression", "returns boxes of all rows in one list",
            "Unique", "compares all rows",
            "NonZero", "returns positions of all rows in one list",
            "Loop", "may run a number of times that depends on the whole batch",
            "If", "takes one branch for the whole batch",
            "SequenceMap", "runs a subgraph over a sequence");

    private final OnnxModel model;
    private final Map<String, Integer> ranks = new HashMap<>();
    private final Map<String, List<Long>> constants = new HashMap<>();
    private final Set<String> found = new LinkedHashSet<>();

    RowMixing(OnnxModel model) {
        this.model = model;
    }

    /** Each operator found, as {@code Name: why}. */
    List<String> reasons() {
        Set<String> rows = new HashSet<>();
        Set<String> initialized = new HashSet<>();
        model.graph().initializers().forEach(tensor -> initialized.add(tensor.name()));
        model.graph().inputs().stream()
                .map(OnnxValue::name)
                .filter(name -> !initialized.contains(name))
                .forEach(rows::add);
        graph(model.graph(), rows);
        for (OnnxFunction function : model.functions()) {
            nodes(function.nodes(), new HashSet<>(function.inputs()));
        }
        return List.copyOf(found);
    }

    private void graph(OnnxGraph graph, Set<String> rows) {
        for (List<OnnxValue> values : List.of(graph.inputs(), graph.outputs(), graph.values())) {
            for (OnnxValue value : values) {
                if (value.type() instanceof OnnxType.Tensor tensor
                        && tensor.shape().ranked()) {
                    ranks.put(value.name(), tensor.shape().dims().size());
                }
            }
        }
        graph.initializers().forEach(tensor -> constants.put(tensor.name(), tensor.integers()));
        nodes(graph.nodes(), rows);
    }

    private void nodes(List<OnnxNode> nodes, Set<String> rows) {
        for (OnnxNode node : nodes) {
            if (node.is("", "Constant") && !node.outputs().isEmpty()) {
                constants.put(node.outputs().getFirst(), node.constants());
            }
            List<OnnxGraph> subgraphs = node.subgraphs();
            boolean fromRows = node.inputs().stream().anyMatch(rows::contains);
            for (OnnxGraph subgraph : subgraphs) {
                Set<String> inner = new HashSet<>(rows);
                subgraph.inputs().forEach(value -> inner.add(value.name()));
                graph(subgraph, inner);
                fromRows |= subgraph.outputs().stream().anyMatch(value -> inner.contains(value.name()));
            }
            String reason = RANDOM.contains(node.operator()) && node.domain().isEmpty()
                    ? "draws random numbers"
                    : fromRows ? reason(node) : null;
            if (reason != null) {
                found.add(node.qualified() + ": " + reason);
            }
            if (fromRows && !node.is("", "Shape") && !node.is("", "Size")) {
                rows.addAll(node.outputs());
                rows.remove("");
            }
        }
    }

    private @Nullable String reason(OnnxNode node) {
        String always = ALWAYS.get(node.qualified());
        if (always != null) {
            return always;
        }
        if (!node.domain().isEmpty()) {
            return null;
        }
        return switch (node.operator()) {
            case "ReduceSum",
                    "ReduceMean",
                    "ReduceMax",
                    "ReduceMin",
                    "ReduceProd",
                    "ReduceL1",
                    "ReduceL2",
                    "ReduceLogSum",
                    "ReduceLogSumExp",
                    "ReduceSumSquare" -> reduction(node);
            case "Softmax", "LogSoftmax", "Hardmax" ->
                first(node, node.integer("axis", model.opset() >= 13 ? -1 : 1)) ? "normalises over axis 0" : null;
            case "LpNormalization" -> first(node, node.integer("axis", -1)) ? "normalises over axis 0" : null;
            case "LayerNormalization" -> first(node, node.integer("axis", -1)) ? "normalises over axis 0" : null;
            case "MeanVarianceNormalization" -> axes(node, List.of(0L, 2L, 3L)) ? "normalises over axis 0" : null;
            case "ArgMax", "ArgMin" -> first(node, node.integer("axis", 0)) ? "compares over axis 0" : null;
            case "TopK" -> first(node, node.integer("axis", -1)) ? "sorts over axis 0" : null;
            case "CumSum" -> computed(node, 1, "adds up over axis 0");
            case "Compress" ->
                node.attribute("axis").isEmpty() || first(node, node.integer("axis", 0)) ? "drops rows" : null;
            case "Scan" -> "runs along an axis";
            case "BatchNormalization" -> training(node) ? "normalises by the batch's own mean (training mode)" : null;
            case "Dropout" -> dropout(node) ? "draws random numbers (training mode)" : null;
            default -> null;
        };
    }

    private @Nullable String reduction(OnnxNode node) {
        if (node.attribute("axes").isPresent()) {
            return axes(node, List.of()) ? "reduces over axis 0" : null;
        }
        if (node.inputs().size() > 1 && !node.inputs().get(1).isEmpty()) {
            List<Long> axes = constants.get(node.inputs().get(1));
            if (axes != null && axes.isEmpty()) {
                return node.integer("noop_with_empty_axes", 0) == 0 ? "reduces over all axes" : null;
            }
            return computed(node, 1, "reduces over axis 0");
        }
        return node.integer("noop_with_empty_axes", 0) == 0 ? "reduces over all axes" : null;
    }

    private @Nullable String computed(OnnxNode node, int input, String reason) {
        List<Long> axes =
                node.inputs().size() > input ? constants.get(node.inputs().get(input)) : null;
        if (axes == null) {
            return reason + " perhaps: its axes are computed";
        }
        return axes.stream().anyMatch(axis -> first(node, axis)) ? reason : null;
    }

    private boolean axes(OnnxNode node, List<Long> otherwise) {
        List<Long> axes = node.attribute("axes").map(OnnxAttribute::integers).orElse(otherwise);
        return axes.stream().anyMatch(axis -> first(node, axis));
    }

    /** Whether an axis of the node's first input is its first one; a negative axis of unknown rank is taken not to be. */
    private boolean first(OnnxNode node, long axis) {
        if (axis >= 0) {
            return axis == 0;
        }
        Integer rank = ranks.get(node.inputs().getFirst());
        return rank != null && axis + rank == 0;
    }

    private boolean training(OnnxNode node) {
        return node.integer("training_mode", 0) != 0
                || (model.opset() < 14
                        && node.outputs().stream()
                                        .filter(name -> !name.isEmpty())
                                        .count()
                                > 1);
    }

    private boolean dropout(OnnxNode node) {
        if (node.inputs().size() < 3 || node.inputs().get(2).isEmpty()) {
            return false;
        }
        List<Long> mode = constants.get(node.inputs().get(2));
        return mode == null || !mode.equals(List.of(0L));
    }
}
