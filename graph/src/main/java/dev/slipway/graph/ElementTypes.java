package dev.slipway.graph;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The element types of a model's values, as far as they are stated or follow from the operators. What an operator of
 * another domain gives, or a function that is called with several types, is {@code UNDEFINED}.
 */
final class ElementTypes {

    private static final long OVERRIDABLE_SINCE_IR = 4;

    private final OnnxModel model;
    private final Map<String, OnnxFunction> functions;
    private final IdentityHashMap<Object, Scope> scopes = new IdentityHashMap<>();
    private boolean learnt;

    ElementTypes(OnnxModel model) {
        this.model = model;
        this.functions = model.functions().stream()
                .collect(Collectors.toMap(
                        function -> qualified(function.domain(), function.name()),
                        function -> function,
                        (first, _) -> first));
        do {
            learnt = false;
            learn(model.graph(), null);
            model.functions().forEach(function -> learn(function.nodes(), scope(function, null)));
        } while (learnt);
    }

    /** The values that one graph or function sees: its own and those of the graph around it. */
    final class Scope {

        private final @Nullable Scope outer;
        private final Map<String, ElementType> types = new HashMap<>();
        private final Map<String, List<Long>> constants = new HashMap<>();

        private Scope(@Nullable Scope outer) {
            this.outer = outer;
        }

        /** The type of a value; of one that has several, as in a function called with them, {@code UNDEFINED}. */
        ElementType type(String value) {
            ElementType type = types.get(value);
            return type != null ? type : outer == null ? ElementType.UNDEFINED : outer.type(value);
        }

        /** The first type that is known of several values that have the same. */
        ElementType common(Stream<String> values) {
            return values.map(this::type)
                    .filter(type -> type != ElementType.UNDEFINED)
                    .findFirst()
                    .orElse(ElementType.UNDEFINED);
        }

        /** Whether a value may have this number among its elements; what is not a small constant may have any. */
        boolean mayHave(String value, long number) {
            List<Long> known = constants.get(value);
            if (known == null) {
                return outer == null || outer.mayHave(value, number);
            }
            return known.isEmpty() || known.contains(number);
        }

        private void state(String value, ElementType type) {
            if (type != ElementType.UNDEFINED && !value.isEmpty()) {
                ElementType before = types.get(value);
                ElementType now =
                        types.merge(value, type, (known, said) -> known == said ? known : ElementType.UNDEFINED);
                learnt |= before != now;
            }
        }
    }

    /** Every node of the model, wherever it stands, with what is known of the values that it sees. */
    void forEach(BiConsumer<OnnxNode, Scope> action) {
        forEach(model.graph().nodes(), scope(model.graph(), null), action);
        model.functions().forEach(function -> forEach(function.nodes(), scope(function, null), action));
    }

    private void forEach(List<OnnxNode> nodes, Scope scope, BiConsumer<OnnxNode, Scope> action) {
        for (OnnxNode node : nodes) {
            action.accept(node, scope);
            node.subgraphs().forEach(graph -> forEach(graph.nodes(), scope(graph, scope), action));
        }
    }

    private Scope scope(Object body, @Nullable Scope outer) {
        return scopes.computeIfAbsent(body, _ -> new Scope(outer));
    }

    private Scope learn(OnnxGraph graph, @Nullable Scope outer) {
        Scope scope = scope(graph, outer);
        Set<String> inputs = graph.inputs().stream().map(OnnxValue::name).collect(Collectors.toSet());
        for (OnnxTensor tensor : graph.initializers()) {
            scope.state(tensor.name(), ElementType.orUndefined(tensor.element()));
            if (model.irVersion() < OVERRIDABLE_SINCE_IR || !inputs.contains(tensor.name())) {
                scope.constants.put(tensor.name(), tensor.integers());
            }
        }
        for (List<OnnxValue> values : List.of(graph.inputs(), graph.outputs(), graph.values())) {
            for (OnnxValue value : values) {
                if (value.type() instanceof OnnxType.Tensor tensor) {
                    scope.state(value.name(), ElementType.orUndefined(tensor.element()));
                }
            }
        }
        learn(graph.nodes(), scope);
        return scope;
    }

    private void learn(List<OnnxNode> nodes, Scope scope) {
        for (OnnxNode node : nodes) {
            List<ElementType> types = outputs(node, scope);
            for (int i = 0; i < node.outputs().size(); i++) {
                scope.state(node.outputs().get(i), at(types, i, ElementType.UNDEFINED));
            }
            if (node.is("", "Constant") && !node.outputs().isEmpty()) {
                scope.constants.put(node.outputs().getFirst(), node.constants());
            }
        }
    }

    private List<ElementType> outputs(OnnxNode node, Scope scope) {
        OnnxFunction function = functions.get(qualified(node.domain(), node.operator()));
        if (function != null) {
            Scope inner = scope(function, null);
            for (int i = 0; i < function.inputs().size(); i++) {
                inner.state(function.inputs().get(i), scope.type(at(node.inputs(), i, "")));
            }
            return function.outputs().stream().map(inner::type).toList();
        }
        List<OnnxGraph> bodies = node.subgraphs();
        if (bodies.isEmpty()) {
            return IntStream.range(0, node.outputs().size())
                    .mapToObj(output -> OutputType.of(node, output, scope))
                    .toList();
        }
        bodies.forEach(body -> enter(node, body, scope));
        OnnxGraph body = bodies.getFirst();
        Scope inner = learn(body, scope);
        bodies.stream().skip(1).forEach(other -> learn(other, scope));
        return body.outputs().stream()
                .skip(node.is("", "Loop") ? 1 : 0)
                .map(output -> inner.type(output.name()))
                .toList();
    }

    /** Gives a body's inputs the types of the values that they stand for. */
    private void enter(OnnxNode node, OnnxGraph body, Scope scope) {
        int first = node.is("", "Scan") && model.opset() < 9 ? 1 : 0;
        for (int i = 0; i < body.inputs().size(); i++) {
            ElementType type = scope.type(at(node.inputs(), first + i, ""));
            scope(body, scope).state(body.inputs().get(i).name(), type);
        }
    }

    private static <T> T at(List<T> list, int index, T otherwise) {
        return index < list.size() ? Objects.requireNonNull(list.get(index)) : otherwise;
    }

    private static String qualified(String domain, String name) {
        return (domain.equals("ai.onnx") ? "" : domain) + "::" + name;
    }
}
