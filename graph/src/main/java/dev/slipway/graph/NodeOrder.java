package dev.slipway.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.IntStream;

/** The order in which the nodes of a graph run: each after those that make its inputs, else as they are written. */
final class NodeOrder {

    private NodeOrder() {}

    /** The nodes in that order; without those that wait for each other, which no runtime runs. */
    static List<OnnxNode> of(List<OnnxNode> nodes) {
        Map<String, Integer> makers = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (String output : nodes.get(i).outputs()) {
                makers.put(output, i);
            }
        }
        makers.remove("");
        if (inOrder(nodes, makers)) {
            return nodes;
        }
        int[] awaited = new int[nodes.size()];
        Map<Integer, List<Integer>> awaiting = new HashMap<>();
        PriorityQueue<Integer> ready = new PriorityQueue<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (String name : used(nodes.get(i))) {
                Integer maker = makers.get(name);
                if (maker != null) {
                    awaited[i]++;
                    awaiting.computeIfAbsent(maker, _ -> new ArrayList<>()).add(i);
                }
            }
            if (awaited[i] == 0) {
                ready.add(i);
            }
        }
        List<OnnxNode> ordered = new ArrayList<>();
        while (!ready.isEmpty()) {
            int next = ready.remove();
            ordered.add(nodes.get(next));
            for (int follower : awaiting.getOrDefault(next, List.of())) {
                if (--awaited[follower] == 0) {
                    ready.add(follower);
                }
            }
        }
        return ordered;
    }

    private static boolean inOrder(List<OnnxNode> nodes, Map<String, Integer> makers) {
        return IntStream.range(0, nodes.size())
                .allMatch(i -> used(nodes.get(i)).stream().allMatch(name -> makers.getOrDefault(name, -1) < i));
    }

    /** The names of the values that a node takes, and that the graphs within it take from around them. */
    static Set<String> used(OnnxNode node) {
        Set<String> names = new HashSet<>(node.inputs());
        node.subgraphs().forEach(graph -> names.addAll(used(graph)));
        return names;
    }

    private static Set<String> used(OnnxGraph graph) {
        Set<String> names = new HashSet<>();
        graph.outputs().forEach(output -> names.add(output.name()));
        graph.nodes().forEach(node -> names.addAll(used(node)));
        graph.nodes().forEach(node -> node.outputs().forEach(names::remove));
        graph.inputs().forEach(input -> names.remove(input.name()));
        graph.initializers().forEach(tensor -> names.remove(tensor.name()));
        return names;
    }
}
