package dev.slipway.testing.onnx;

import java.util.List;

/** A node of an ONNX graph, to be given attributes. */
public final class OnnxNode {

    private static final int FLOAT = 1;
    private static final int INT = 2;
    private static final int STRING = 3;
    private static final int TENSOR = 4;
    private static final int GRAPH = 5;
    private static final int INTS = 7;
    private static final int STRINGS = 8;

    private final ProtoWriter proto = new ProtoWriter();

    private OnnxNode(String domain, String operator, List<String> inputs, List<String> outputs) {
        inputs.forEach(name -> proto.text(1, name));
        outputs.forEach(name -> proto.text(2, name));
        proto.text(4, operator).text(7, domain);
    }

    /** A node of ONNX's own domain. */
    public static OnnxNode of(String operator, List<String> inputs, List<String> outputs) {
        return new OnnxNode("", operator, inputs, outputs);
    }

    public static OnnxNode of(String domain, String operator, List<String> inputs, List<String> outputs) {
        return new OnnxNode(domain, operator, inputs, outputs);
    }

    public OnnxNode with(String name, long value) {
        return attribute(name, INT, new ProtoWriter().number(3, value));
    }

    public OnnxNode with(String name, float value) {
        return attribute(name, FLOAT, new ProtoWriter().real(2, value));
    }

    public OnnxNode with(String name, String value) {
        return attribute(name, STRING, new ProtoWriter().text(4, value));
    }

    public OnnxNode withInts(String name, List<Long> values) {
        ProtoWriter attribute = new ProtoWriter();
        values.forEach(value -> attribute.number(8, value));
        return attribute(name, INTS, attribute);
    }

    public OnnxNode withStrings(String name, List<String> values) {
        ProtoWriter attribute = new ProtoWriter();
        values.forEach(value -> attribute.text(9, value));
        return attribute(name, STRINGS, attribute);
    }

    /** A tensor attribute, from a {@code TensorProto}. */
    public OnnxNode withTensor(String name, OnnxTensor value) {
        return attribute(name, TENSOR, new ProtoWriter().bytes(5, value.toBytes("")));
    }

    public OnnxNode withGraph(String name, OnnxModel value) {
        return attribute(name, GRAPH, new ProtoWriter().message(6, value.graph()));
    }

    /** An attribute that stands for one of the call of the function around the node. */
    public OnnxNode withReference(String name, String called) {
        return attribute(name, INT, new ProtoWriter().text(21, called));
    }

    private OnnxNode attribute(String name, int type, ProtoWriter value) {
        value.text(1, name).number(20, type);
        proto.message(5, value);
        return this;
    }

    ProtoWriter proto() {
        return proto;
    }
}
