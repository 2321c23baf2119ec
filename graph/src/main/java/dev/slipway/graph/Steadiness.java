package dev.slipway.graph;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds out whether the shapes of a model's inputs alone say how much work a run is. That is not so where an operator
 * loops, or makes something of a size that it takes from what an input holds; a size made from shapes and constants is
 * none of these.
 */
final class Steadiness {

    /** ONNX's own operators that make as much as the values of an input say, with the first such input. */
    private static final Map<String, Integer> SIZED_BY_VALUES = Map.ofEntries(
            Map.entry("AffineGrid", 1),
            Map.entry("BlackmanWindow", 0),
            Map.entry("CenterCropPad", 1),
            Map.entry("Col2Im", 1),
            Map.entry("ConstantOfShape", 0),
            Map.entry("DFT", 1),
            Map.entry("Expand", 1),
            Map.entry("HammingWindow", 0),
            Map.entry("HannWindow", 0),
            Map.entry("MaxUnpool", 1),
            Map.entry("MelWeightMatrix", 0),
            Map.entry("OneHot", 1),
            Map.entry("Pad", 1),
            Map.entry("Range", 0),
            Map.entry("Resize", 1),
            Map.entry("STFT", 1),
            Map.entry("Tile", 1),
            Map.entry("Upsample", 1));

    /** ONNX's own operators whose work hangs on values in another way. */
    private static final Set<String> UNBOUNDED = Set.of("ImageDecoder", "Loop", "RoiAlign");

    private final OnnxModel model;
    private final Set<String> functions;

    Steadiness(OnnxModel model) {
        this.model = model;
        this.functions = model.functions().stream()
                .map(function -> function.domain() + "::" + function.name())
                .collect(Collectors.toSet());
    }

    boolean holds() {
        return steady(model.graph(), Set.of())
                && model.functions().stream().allMatch(function -> steady(function.nodes(), new HashSet<>()));
    }

    private boolean steady(OnnxGraph graph, Set<String> around) {
        Set<String> known = new HashSet<>(around);
        graph.initializers().forEach(tensor -> known.add(tensor.name()));
        graph.inputs().forEach(input -> known.remove(input.name()));
        return steady(graph.nodes(), known);
    }

    /**
     * Whether all these nodes are steady.
     *
     * @param known the values that hang on shapes and constants alone; those that the nodes make are added
     */
    private boolean steady(List<OnnxNode> nodes, Set<String> known) {
        for (OnnxNode node : NodeOrder.of(nodes)) {
            if (!steady(node, known) || !node.subgraphs().stream().allMatch(graph -> steady(graph, known))) {
                return false;
            }
            if (node.is("", "Shape") || node.is("", "Size") || hangsOn(NodeOrder.used(node), known)) {
                known.addAll(node.outputs());
            }
        }
        return true;
    }

    private boolean steady(OnnxNode node, Set<String> known) {
        if (!node.domain().isEmpty()) {
            return node.domain().equals("ai.onnx.ml") || functions.contains(node.qualified());
        }
        Integer sizes = SIZED_BY_VALUES.get(node.operator());
        return !UNBOUNDED.contains(node.operator())
                && (sizes == null || hangsOn(node.inputs().stream().skip(sizes).toList(), known));
    }

    private static boolean hangsOn(Collection<String> values, Set<String> known) {
        return values.stream().allMatch(value -> value.isEmpty() || known.contains(value));
    }
}
