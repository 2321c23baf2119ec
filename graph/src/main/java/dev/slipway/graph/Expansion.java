package dev.slipway.graph;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The nodes that a model has once the functions that it defines stand in the place of their calls, as runtimes put them.
 * Thirty functions of which each calls the one before twice are a billion nodes in a file of a kilobyte.
 */
final class Expansion {

    private static final long MOST = 1_000_000;
    private static final int DEEPEST = 500;

    private final Map<String, List<OnnxFunction>> functions;
    private final Map<String, Long> sizes = new HashMap<>();

    private Expansion(List<OnnxFunction> functions) {
        this.functions = functions.stream()
                .collect(Collectors.groupingBy(function -> function.domain() + "::" + function.name()));
    }

    /** Refuses a model that would have more than a million nodes, or functions that go deeper than 500 calls. */
    static void requireBounded(OnnxModel model) {
        long nodes = new Expansion(model.functions()).nodes(model.graph().nodes(), 0);
        if (nodes > MOST) {
            throw new FailureException(Failure.BadInput.of("its functions stand for more than " + MOST
                    + " nodes where they are called: export it without functions, or with fewer calls"));
        }
    }

    private long nodes(List<OnnxNode> nodes, int depth) {
        long sum = nodes.size();
        for (OnnxNode node : nodes) {
            sum += called(node.domain() + "::" + node.operator(), depth);
            for (OnnxGraph graph : node.subgraphs()) {
                sum += nodes(graph.nodes(), depth);
            }
            if (sum > MOST) {
                return MOST + 1;
            }
        }
        return sum;
    }

    private long called(String name, int depth) {
        List<OnnxFunction> called = functions.getOrDefault(name, List.of());
        if (called.isEmpty()) {
            return 0;
        }
        Long known = sizes.get(name);
        if (known != null) {
            return known;
        }
        if (depth == DEEPEST) {
            throw new FailureException(Failure.BadInput.of("its function '" + name + "' is called " + DEEPEST
                    + " calls deep: functions may not call themselves, and not go deeper"));
        }
        long largest = 0;
        for (OnnxFunction function : called) {
            largest = Math.max(largest, nodes(function.nodes(), depth + 1));
        }
        sizes.put(name, largest);
        return largest;
    }
}
