package dev.slipway.graph;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An ONNX model without the payload of its tensors.
 *
 * @param opsets version by domain; the empty domain is ONNX's own
 * @param externals every tensor, wherever it stands, whose payload is in another file
 */
record OnnxModel(
        long irVersion,
        String producer,
        Map<String, Long> opsets,
        OnnxGraph graph,
        List<OnnxFunction> functions,
        List<OnnxTensor> externals) {

    public OnnxModel {
        opsets = Collections.unmodifiableMap(new TreeMap<>(opsets));
        functions = List.copyOf(functions);
        externals = List.copyOf(externals);
    }

    /** The version of ONNX's own operators. */
    public long opset() {
        return opsets.getOrDefault("", 1L);
    }
}
