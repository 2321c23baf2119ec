package dev.slipway.graph;

import java.util.List;

/** An operator that the model itself defines. */
record OnnxFunction(String domain, String name, List<String> inputs, List<String> outputs, List<OnnxNode> nodes) {

    public OnnxFunction {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        nodes = List.copyOf(nodes);
    }
}
