package dev.slipway.graph;

import dev.slipway.core.Dimension;
import dev.slipway.graph.RowValue.Along;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the operators through which rows of a batch may influence each other: follows the rows, first axis of every
 * input, through the graph. What is not known to keep rows apart is taken to mix them, since a wrong answer is worse
 * than a slow one.
 */
final class RowMixing {

    private static final Set<String> RANDOM = Set.of(
            "RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike", "Multinomial", "Bernoulli");
    private static final Set<ElementType> WHOLE = Set.of(ElementType.INT32, ElementType.INT64, ElementType.BOOL);

    /** Domains for which the runtime has operators of its own. */
    private static final List<String> KERNELS = List.of(".", "ai.onnx.", "com.microsoft.", "com.ms.");

    private static final int MOST_STEPS = 1_000_000;
    private static final int DEEPEST = 100;

    private final OnnxModel model;
    private final Map<String, List<OnnxFunction>> functions;
    private final Set<String> found = new LinkedHashSet<>();
    private boolean open;
    private int unknowns;
    private int steps;

    RowMixing(OnnxModel model) {
        this.model = model;
        this.functions = model.functions().stream()
                .collect(Collectors.groupingBy(function -> name(function.domain(), function.name())));
    }

    /** The values that a graph can see: its own and those of the graphs around it. */
    private record Scope(
            @Nullable Scope around, Map<String, RowValue> values, Map<String, OnnxTensor> constants, int depth) {

        static Scope of(int depth) {
            return new Scope(null, new HashMap<>(), new HashMap<>(), depth);
        }

        Scope inner() {
            return new Scope(this, new HashMap<>(), new HashMap<>(), depth + 1);
        }

        RowValue value(String name) {
            for (Scope scope = this; scope != null; scope = scope.around) {
                RowValue value = scope.values.get(name);
                if (value != null) {
                    return value;
                }
                OnnxTensor constant = scope.constants.get(name);
                if (constant != null) {
                    return constant(constant);
                }
            }
            return RowValue.UNKNOWN;
        }
    }

    /** Each operator found, as {@code Operator 'node': why}; none in a model whose inputs have no rows. */
    List<String> reasons() {
        OnnxGraph graph = model.graph();
        Set<String> initialized =
                graph.initializers().stream().map(OnnxTensor::name).collect(Collectors.toSet());
        List<OnnxValue> required = graph.inputs().stream()
                .filter(input -> !initialized.contains(input.name()))
                .toList();
        if (required.isEmpty() || !required.stream().allMatch(RowMixing::mayHaveRows)) {
            return List.of();
        }
        Scope scope = Scope.of(0);
        for (OnnxValue input : required) {
            List<Extent> sizes = sizes(input);
            open |= sizes.stream().skip(1).anyMatch(size -> !size.plain());
            RowValue value = sizes.isEmpty()
                    ? RowValue.lost("states no shape, so that its rows cannot be followed")
                    : RowValue.along(Along.of(0), sizes);
            scope.values().put(input.name(), value);
            if (value.rows() instanceof RowValue.Lost(String why)) {
                found.add("input '" + input.name() + "': " + why);
            }
        }
        graph(graph, scope);
        if (found.isEmpty()) {
            graph.outputs().forEach(output -> requireRows(output.name(), scope.value(output.name())));
        }
        return List.copyOf(found);
    }

    private static boolean mayHaveRows(OnnxValue input) {
        return input.type() instanceof OnnxType.Tensor tensor
                && !(tensor.shape().ranked() && tensor.shape().dims().isEmpty())
                && tensor.shape().dims().stream().limit(1).noneMatch(Dimension.Fixed.class::isInstance);
    }

    /** The sizes that an input states; one named like the number of rows is as many. */
    private List<Extent> sizes(OnnxValue input) {
        if (!(input.type() instanceof OnnxType.Tensor tensor) || !tensor.shape().ranked()) {
            return List.of();
        }
        List<Dimension> dims = tensor.shape().dims();
        List<Extent> sizes = new ArrayList<>();
        for (Dimension dimension : dims) {
            sizes.add(
                    switch (dimension) {
                        case Dimension.Fixed(long size) -> Extent.of(size);
                        case Dimension.Dynamic(String name) when name.isEmpty() -> unknown();
                        case Dimension.Dynamic(String name) ->
                            dimension.equals(dims.getFirst()) ? Extent.ROWS : Extent.named("'" + name);
                    });
        }
        return sizes;
    }

    private void requireRows(String output, RowValue value) {
        Along rows = value.along().orElse(null);
        boolean first = rows != null && rows.axis() == 0 && rows.outer().is(1);
        if (!first && !value.same()) {
            found.add("output '" + output + "': "
                    + (rows == null ? "depends on the number of rows" : "has its rows along axis " + rows.axis()));
        }
    }

    private void graph(OnnxGraph graph, Scope scope) {
        graph.initializers().forEach(tensor -> scope.constants().put(tensor.name(), tensor));
        nodes(graph.nodes(), scope);
    }

    private static RowValue constant(OnnxTensor tensor) {
        List<Extent> dims = tensor.dims().stream().map(Extent::of).toList();
        boolean known = WHOLE.contains(ElementType.orUndefined(tensor.element()))
                && tensor.integers().size() == tensor.elements()
                && (tensor.element() != ElementType.BOOL.number()
                        || tensor.integers().stream().allMatch(value -> value == 0 || value == 1));
        return known
                ? RowValue.numbers(
                        dims, tensor.integers().stream().map(Extent::of).toList())
                : RowValue.floats(dims, tensor.floats());
    }

    private void nodes(List<OnnxNode> nodes, Scope scope) {
        for (OnnxNode node : NodeOrder.of(nodes)) {
            List<RowValue> outputs;
            if (++steps > MOST_STEPS || scope.depth() > DEEPEST) {
                outputs = List.of(RowValue.lost("is one of too many to follow"));
            } else if (RANDOM.contains(node.operator()) && node.domain().isEmpty()) {
                outputs = List.of(RowValue.lost("draws random numbers"));
            } else {
                outputs = outputs(node, scope);
            }
            for (int i = 0; i < node.outputs().size() && !outputs.isEmpty(); i++) {
                String name = node.outputs().get(i);
                RowValue value = i < outputs.size() ? outputs.get(i) : further(outputs.getLast());
                if (!name.isEmpty()) {
                    said(node, value);
                    scope.values().put(name, value);
                }
            }
        }
    }

    /** An output beyond those that are followed, whose sizes are its own. */
    private static RowValue further(RowValue last) {
        return last.along().isPresent()
                ? RowValue.lost("gives a further output that is not followed")
                : last.same() ? RowValue.UNKNOWN : last.counted() ? RowValue.COUNTED : last;
    }

    private void said(OnnxNode node, RowValue value) {
        if (value.rows() instanceof RowValue.Lost(String why) && !why.isEmpty()) {
            String name = node.name().isEmpty() ? node.outputs().getFirst() : node.name();
            found.add(node.qualified() + " '" + name + "': " + why);
        }
    }

    private List<RowValue> outputs(OnnxNode node, Scope scope) {
        List<Optional<RowValue>> inputs = node.inputs().stream()
                .map(name -> name.isEmpty() ? Optional.<RowValue>empty() : Optional.of(scope.value(name)))
                .toList();
        List<OnnxFunction> called = functions.getOrDefault(name(node.domain(), node.operator()), List.of());
        if (called.stream().anyMatch(RowMixing::shadowed)) {
            return List.of(RowValue.lost("is a function under a name of the runtime's own"));
        }
        if (called.size() == 1) {
            return called(called.getFirst(), inputs, scope.depth());
        }
        if (node.is("", "Constant") && !node.referring()) {
            return List.of(constant(node));
        }
        RowStep step = new RowStep(node, model.opset(), inputs, open, () -> unknowns++);
        if (node.is("", "If") && !node.referring()) {
            return branches(node, step, scope);
        }
        if (!node.subgraphs().isEmpty()) {
            List<Optional<RowValue>> all = NodeOrder.used(node).stream()
                    .map(name -> Optional.of(scope.value(name)))
                    .toList();
            node.subgraphs().forEach(body -> graph(body, scope.inner()));
            return RowRules.outputs(new RowStep(node, model.opset(), all, open, () -> unknowns++));
        }
        return RowRules.outputs(step);
    }

    /** Whether the runtime may take an operator of its own, or a function of the same name, for this one. */
    private static boolean shadowed(OnnxFunction function) {
        String domain = function.domain() + ".";
        return !function.overload().isEmpty() || KERNELS.stream().anyMatch(domain::startsWith);
    }

    private static RowValue constant(OnnxNode node) {
        OnnxTensor tensor = node.attribute("value").map(OnnxAttribute::tensor).orElse(null);
        if (tensor != null) {
            return constant(tensor);
        }
        OnnxAttribute list = node.attribute("value_ints").orElse(null);
        if (list != null && list.whole()) {
            return RowValue.numbers(
                    List.of(Extent.of(list.integers().size())),
                    list.integers().stream().map(Extent::of).toList());
        }
        return node.attribute("value_int")
                .map(OnnxAttribute::integer)
                .map(number -> RowValue.numbers(List.of(), List.of(Extent.of(number))))
                .orElseGet(() -> node.attribute("value_float").isPresent()
                                || node.attribute("value_string").isPresent()
                        ? RowValue.same(List.of())
                        : RowValue.UNKNOWN);
    }

    private List<RowValue> called(OnnxFunction function, List<Optional<RowValue>> inputs, int depth) {
        Scope scope = Scope.of(depth + 1);
        for (int i = 0; i < function.inputs().size(); i++) {
            Optional<RowValue> input = i < inputs.size() ? inputs.get(i) : Optional.empty();
            scope.values().put(function.inputs().get(i), input.orElse(RowValue.UNKNOWN));
        }
        nodes(function.nodes(), scope);
        return function.outputs().stream()
                .map(scope::value)
                .map(RowMixing::quiet)
                .toList();
    }

    /** A value whose loss has been said. */
    private static RowValue quiet(RowValue value) {
        return value.lost() ? RowValue.lost("") : value;
    }

    private List<RowValue> branches(OnnxNode node, RowStep step, Scope scope) {
        RowValue condition = step.in(0);
        if (!condition.same()) {
            return List.of(RowValue.lost(condition.lost() ? "" : "takes one branch for the whole batch"));
        }
        List<Long> known = step.plain(0);
        String only = known == null || known.size() != 1 ? "" : known.getFirst() == 0 ? "else_branch" : "then_branch";
        List<List<RowValue>> taken = new ArrayList<>();
        for (OnnxAttribute branch : node.attributes()) {
            if (only.isEmpty() || branch.name().equals(only)) {
                for (OnnxGraph graph : branch.graphs()) {
                    Scope inner = scope.inner();
                    graph(graph, inner);
                    taken.add(graph.outputs().stream()
                            .map(output -> quiet(inner.value(output.name())))
                            .toList());
                }
            }
        }
        return taken.stream().reduce(this::either).orElse(List.of(RowValue.UNKNOWN));
    }

    private List<RowValue> either(List<RowValue> one, List<RowValue> other) {
        List<RowValue> joined = new ArrayList<>();
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            joined.add(either(one.get(i), other.get(i)));
        }
        return joined;
    }

    private RowValue either(RowValue one, RowValue other) {
        if (one.equals(other) || one.lost()) {
            return one;
        }
        if (other.lost()) {
            return other;
        }
        if (one.dims() == null
                || other.dims() == null
                || one.sizes().size() != other.sizes().size()) {
            return one.same() && other.same()
                    ? RowValue.UNKNOWN
                    : RowValue.lost("gives values of another rank from branch to branch");
        }
        List<Extent> dims = new ArrayList<>();
        for (int i = 0; i < one.sizes().size(); i++) {
            boolean equal = one.sizes().get(i).equals(other.sizes().get(i));
            dims.add(equal ? one.sizes().get(i) : unknown());
        }
        return one.rows().equals(other.rows())
                ? RowLayout.moved(one, one.along().map(Along::axis).orElse(0), dims)
                : RowValue.lost("gives rows that lie differently from branch to branch");
    }

    private Extent unknown() {
        return Extent.named("?" + unknowns++);
    }

    private static String name(String domain, String operator) {
        return (domain.equals("ai.onnx") ? "" : domain) + "::" + operator;
    }
}
