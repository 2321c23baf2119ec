package dev.slipway.graph;

import java.util.List;

/**
 * An operator that the model itself defines.
 *
 * @param overload which of several of one name; mostly empty
 */
record OnnxFunction(
        String domain, String name, String overload, List<String> inputs, List<String> outputs, List<OnnxNode> nodes) {

    public OnnxFunction {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        nodes = List.copyOf(nodes);
    }
}
