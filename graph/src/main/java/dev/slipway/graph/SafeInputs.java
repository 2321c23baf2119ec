package dev.slipway.graph;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Keeps from a few operators what ONNX Runtime 1.28 does not look for before it divides by it or counts from it, and what
 * ends the process: tensors without elements, lengths of zero, places beyond all numbers. Such an input goes through a few small
 * nodes first, which copy nothing and change nothing but that the runtime refuses it in good order.
 */
final class SafeInputs {

    private static final long BROADCASTING_SINCE = 7;

    /** Farther from zero than an axis is long. */
    private static final long FAR = 1L << 40;

    /** What an input must be. */
    private enum Rule {
        /** A tensor with elements: {@code Reshape(x, Shape(x) * (n / n))} with {@code n = Size(x)}. */
        NOT_EMPTY,
        /** The same, but that the axis of the operator may be empty: {@code n = Size(x) + [length of the axis = 0]}. */
        NO_EMPTY_ROWS,
        /** A whole number other than zero: {@code x * (x / x)}. */
        NOT_ZERO,
        /** A whole number not too far from zero: {@code Clip(x)}. */
        NOT_FAR
    }

    private static final Map<String, Map<Integer, Rule>> RULES = Map.of(
            "DFT", Map.of(0, Rule.NOT_EMPTY, 1, Rule.NOT_ZERO),
            "GridSample", Map.of(0, Rule.NOT_EMPTY),
            "LSTM", Map.of(0, Rule.NOT_EMPTY),
            "LpNormalization", Map.of(0, Rule.NOT_EMPTY),
            "STFT", Map.of(0, Rule.NOT_EMPTY, 1, Rule.NOT_ZERO, 3, Rule.NOT_ZERO),
            "TopK", Map.of(0, Rule.NO_EMPTY_ROWS),
            "Trilu", Map.of(1, Rule.NOT_FAR));

    private SafeInputs() {}

    /** The changes that a model needs, by the position of their nodes; mostly none. */
    static NavigableMap<Integer, NodeEdits.Edit> of(OnnxModel model) {
        if (model.opset() < BROADCASTING_SINCE) {
            return Collections.emptyNavigableMap();
        }
        NavigableMap<Integer, NodeEdits.Edit> edits = new TreeMap<>();
        guard(model.graph().nodes(), edits);
        model.functions().forEach(function -> guard(function.nodes(), edits));
        return edits;
    }

    private static void guard(List<OnnxNode> nodes, NavigableMap<Integer, NodeEdits.Edit> edits) {
        for (OnnxNode node : nodes) {
            Map<Integer, String> inputs = new TreeMap<>();
            List<ByteString> before = new ArrayList<>();
            RULES.getOrDefault(node.qualified(), Map.of()).forEach((input, rule) -> {
                if (input < node.inputs().size() && !node.inputs().get(input).isEmpty()) {
                    inputs.put(input, guarded(node, input, rule, before));
                }
            });
            if (!inputs.isEmpty()) {
                edits.put(node.position(), new NodeEdits.Edit(before, inputs));
            }
            node.subgraphs().forEach(graph -> guard(graph.nodes(), edits));
        }
    }

    /** Adds the nodes to {@code before}; the value that the operator takes instead. */
    private static String guarded(OnnxNode node, int input, Rule rule, List<ByteString> before) {
        String value = node.inputs().get(input);
        Nodes nodes = new Nodes("slipway.safe_inputs." + node.position() + "." + input + ".", before);
        return switch (rule) {
            case NOT_EMPTY -> nodes.unlessZero(value, nodes.add("Size", value));
            case NO_EMPTY_ROWS -> nodes.unlessZero(value, nodes.rows(value, node.integer("axis", -1)));
            case NOT_ZERO -> nodes.add("Mul", value, nodes.add("Div", value, value));
            case NOT_FAR -> nodes.add("Clip", value, nodes.number(-FAR), nodes.number(FAR));
        };
    }

    /** Nodes that are written one after another, each with one output under a name of its own. */
    private record Nodes(String prefix, List<ByteString> written) {

        String add(String operator, String... inputs) {
            String output = prefix + written.size() + "." + operator;
            written.add(NodeWriter.node(operator, List.of(inputs), output));
            return output;
        }

        String number(long value) {
            String output = prefix + written.size() + ".Constant";
            written.add(NodeWriter.constant(value, ElementType.INT64, output));
            return output;
        }

        private String asNumber(String truth) {
            String output = prefix + written.size() + ".Cast";
            written.add(NodeWriter.cast(truth, ElementType.INT64, output));
            return output;
        }

        /** Zero for a tensor with an axis that has places, and no elements. */
        String rows(String tensor, long axis) {
            String length = add("Gather", add("Shape", tensor), number(axis));
            return add("Add", add("Size", tensor), asNumber(add("Equal", length, number(0))));
        }

        /** A tensor that there is only unless a number is zero. */
        String unlessZero(String tensor, String number) {
            String one = add("Div", number, number);
            return add("Reshape", tensor, add("Mul", add("Shape", tensor), one));
        }
    }
}
