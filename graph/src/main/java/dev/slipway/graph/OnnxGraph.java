package dev.slipway.graph;

import java.util.List;

/** Nodes between inputs and outputs. {@code values} are the types stated for values in between. */
record OnnxGraph(
        String name,
        List<OnnxNode> nodes,
        List<OnnxValue> inputs,
        List<OnnxValue> outputs,
        List<OnnxValue> values,
        List<OnnxTensor> initializers,
        List<OnnxTensor> sparseInitializers) {

    public OnnxGraph {
        nodes = List.copyOf(nodes);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        values = List.copyOf(values);
        initializers = List.copyOf(initializers);
        sparseInitializers = List.copyOf(sparseInitializers);
    }
}
