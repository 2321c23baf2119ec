package dev.slipway.graph;

import com.google.protobuf.ByteString;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Keeps {@code Div} and {@code Mod} of INT32 and INT64 from dividing the least number by -1, whose quotient is no number
 * of the type: an x64 processor traps, which ends the process of a runtime that does not look. Where the two may meet, the
 * divisor {@code b} becomes {@code b + 2 [a = least and b = -1]}. The least number divided by 1 is itself, as wrapping
 * arithmetic has it, and the remainder is 0 as it should be.
 */
final class SafeDivision {

    private static final long BROADCASTING_SINCE = 7;

    private SafeDivision() {}

    /** The changes that a model needs, by the position of their nodes; mostly none. */
    static NavigableMap<Integer, NodeEdits.Edit> of(OnnxModel model) {
        if (model.opset() < BROADCASTING_SINCE
                || Stream.concat(
                                Stream.of(model.graph().nodes()),
                                model.functions().stream().map(OnnxFunction::nodes))
                        .noneMatch(SafeDivision::divides)) {
            return Collections.emptyNavigableMap();
        }
        NavigableMap<Integer, NodeEdits.Edit> edits = new TreeMap<>();
        new ElementTypes(model).forEach((node, scope) -> {
            if (divides(node)) {
                ElementType type = scope.common(Stream.concat(node.inputs().stream(), node.outputs().stream()));
                if ((type == ElementType.INT32 || type == ElementType.INT64)
                        && scope.mayHave(node.inputs().get(0), least(type))
                        && scope.mayHave(node.inputs().get(1), -1)) {
                    edits.put(node.position(), guarded(node, type));
                }
            }
        });
        return edits;
    }

    private static boolean divides(List<OnnxNode> nodes) {
        return nodes.stream()
                .anyMatch(node -> divides(node) || node.subgraphs().stream().anyMatch(graph -> divides(graph.nodes())));
    }

    private static boolean divides(OnnxNode node) {
        return (node.is("", "Div") || node.is("", "Mod")) && node.inputs().size() == 2;
    }

    private static long least(ElementType type) {
        return type == ElementType.INT32 ? Integer.MIN_VALUE : Long.MIN_VALUE;
    }

    private static NodeEdits.Edit guarded(OnnxNode node, ElementType type) {
        String name = "slipway.safe_division." + node.position() + ".";
        String dividend = node.inputs().get(0);
        String divisor = node.inputs().get(1);
        List<ByteString> before = List.of(
                NodeWriter.constant(least(type), type, name + "least"),
                NodeWriter.constant(-1, type, name + "minus_one"),
                NodeWriter.node("Equal", List.of(dividend, name + "least"), name + "dividend_is_least"),
                NodeWriter.node("Equal", List.of(divisor, name + "minus_one"), name + "divisor_is_minus_one"),
                NodeWriter.node(
                        "And", List.of(name + "dividend_is_least", name + "divisor_is_minus_one"), name + "overflows"),
                NodeWriter.cast(name + "overflows", type, name + "one"),
                NodeWriter.node("Add", List.of(divisor, name + "one"), name + "next"),
                NodeWriter.node("Add", List.of(name + "next", name + "one"), name + "divisor"));
        return new NodeEdits.Edit(before, Map.of(1, name + "divisor"));
    }
}
