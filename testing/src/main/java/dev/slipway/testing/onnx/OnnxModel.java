package dev.slipway.testing.onnx;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small ONNX model put together in a test; also a subgraph, when given to a node's attribute. */
public final class OnnxModel {

    private final List<ProtoWriter> nodes = new ArrayList<>();
    private final List<ProtoWriter> inputs = new ArrayList<>();
    private final List<ProtoWriter> outputs = new ArrayList<>();
    private final List<ProtoWriter> initializers = new ArrayList<>();
    private final List<ProtoWriter> functions = new ArrayList<>();
    private long irVersion = 8;
    private long opset = 17;

    public OnnxModel irVersion(long version) {
        this.irVersion = version;
        return this;
    }

    public OnnxModel opset(long version) {
        this.opset = version;
        return this;
    }

    public OnnxModel input(String name, DataType type, DeclaredShape shape) {
        return input(name, OnnxType.tensor(type, shape));
    }

    public OnnxModel input(String name, OnnxType type) {
        inputs.add(new ProtoWriter().text(1, name).bytes(2, type.toBytes()));
        return this;
    }

    public OnnxModel output(String name, DataType type, DeclaredShape shape) {
        return output(name, OnnxType.tensor(type, shape));
    }

    public OnnxModel output(String name, OnnxType type) {
        outputs.add(new ProtoWriter().text(1, name).bytes(2, type.toBytes()));
        return this;
    }

    public OnnxModel node(String operator, List<String> inputs, List<String> outputs) {
        return node(OnnxNode.of(operator, inputs, outputs));
    }

    public OnnxModel node(OnnxNode node) {
        nodes.add(node.proto());
        return this;
    }

    public OnnxModel initializer(String name, OnnxTensor value) {
        initializers.add(value.proto(name));
        return this;
    }

    /** An initialiser whose bytes lie in a file beside the model, which the caller writes. */
    public OnnxModel externalInitializer(String name, OnnxTensor value, String file) {
        initializers.add(value.external(name, file));
        return this;
    }

    /** An initialiser whose bytes stand in the model, which says that they lie in a file, written by the caller. */
    public OnnxModel contradictoryInitializer(String name, OnnxTensor value, String file) {
        initializers.add(value.twice(name, file));
        return this;
    }

    /** An operator of the domain {@code own} that the model itself defines. */
    public OnnxModel function(String name, List<String> inputs, List<String> outputs, List<OnnxNode> nodes) {
        return function("own", name, "", inputs, outputs, nodes);
    }

    /** An operator that the model itself defines; {@code overload} is mostly empty. */
    public OnnxModel function(
            String domain,
            String name,
            String overload,
            List<String> inputs,
            List<String> outputs,
            List<OnnxNode> nodes) {
        ProtoWriter function = new ProtoWriter().text(1, name);
        inputs.forEach(input -> function.text(4, input));
        outputs.forEach(output -> function.text(5, output));
        nodes.forEach(node -> function.message(7, node.proto()));
        functions.add(function.message(9, opset("", opset)).text(10, domain).text(13, overload));
        return this;
    }

    public byte[] toBytes() {
        ProtoWriter model = new ProtoWriter()
                .number(1, irVersion)
                .text(2, "slipway-testing")
                .message(7, graph())
                .message(8, opset("", opset))
                .message(8, opset("ai.onnx.ml", 3))
                .message(8, opset("own", 1));
        functions.forEach(function -> model.message(25, function));
        return model.toBytes();
    }

    private static ProtoWriter opset(String domain, long version) {
        return new ProtoWriter().text(1, domain).number(2, version);
    }

    public Path write(Path file) {
        try {
            return Files.write(file, toBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ProtoWriter graph() {
        ProtoWriter graph = new ProtoWriter();
        nodes.forEach(node -> graph.message(1, node));
        graph.text(2, "graph");
        initializers.forEach(tensor -> graph.message(5, tensor));
        inputs.forEach(input -> graph.message(11, input));
        outputs.forEach(output -> graph.message(12, output));
        return graph;
    }
}
