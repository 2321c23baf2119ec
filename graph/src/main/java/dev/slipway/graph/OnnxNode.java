package dev.slipway.graph;

import java.util.List;
import java.util.Optional;

/**
 * One use of an operator. Inputs and outputs are names of values; an empty name is one left out.
 *
 * @param position the byte of the file after its tag, by which it is told from every other
 */
record OnnxNode(
        int position,
        String name,
        String domain,
        String operator,
        List<String> inputs,
        List<String> outputs,
        List<OnnxAttribute> attributes) {

    public OnnxNode {
        domain = domain.equals("ai.onnx") ? "" : domain;
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = List.copyOf(attributes);
    }

    /** {@code domain::Name}, or the name alone in ONNX's own domain. */
    public String qualified() {
        return domain.isEmpty() ? operator : domain + "::" + operator;
    }

    public boolean is(String domain, String operator) {
        return this.operator.equals(operator) && this.domain.equals(domain);
    }

    public Optional<OnnxAttribute> attribute(String name) {
        for (OnnxAttribute attribute : attributes) {
            if (attribute.name().equals(name)) {
                return Optional.of(attribute);
            }
        }
        return Optional.empty();
    }

    /** An integer attribute, or {@code otherwise}. */
    public long integer(String name, long otherwise) {
        Long value = attribute(name).map(OnnxAttribute::integer).orElse(null);
        return value == null ? otherwise : value;
    }

    /** The integers that a {@code Constant} stands for; none when they are many or it stands for something else. */
    public List<Long> constants() {
        OnnxTensor tensor = attribute("value").map(OnnxAttribute::tensor).orElse(null);
        Long integer = attribute("value_int").map(OnnxAttribute::integer).orElse(null);
        if (tensor != null) {
            return tensor.integers();
        }
        return integer != null
                ? List.of(integer)
                : attribute("value_ints")
                        .filter(OnnxAttribute::whole)
                        .map(OnnxAttribute::integers)
                        .orElse(List.of());
    }

    /** Whether an attribute stands for one of the call of the function around it. */
    public boolean referring() {
        return attributes.stream().anyMatch(OnnxAttribute::reference);
    }

    /** The graphs that are bodies or branches of this node. */
    public List<OnnxGraph> subgraphs() {
        return attributes.stream()
                .flatMap(attribute -> attribute.graphs().stream())
                .toList();
    }
}
