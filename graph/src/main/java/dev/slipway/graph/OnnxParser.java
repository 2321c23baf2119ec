package dev.slipway.graph;

import static dev.slipway.graph.ProtobufReader.field;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the messages of {@code onnx.proto} (field numbers are its own) without the payload of tensors. */
final class OnnxParser {

    private static final int KEPT_RAW = OnnxTensor.KEPT_INTEGERS * Long.BYTES;
    private static final int MOST_DIMENSIONS = 64;
    private static final int EXTERNAL = 1;
    private static final long UNKNOWN_SIZE = -1;

    private final ProtobufReader in;
    private final List<OnnxTensor> externals = new ArrayList<>();

    /** The lowest size that was read since it was last set. */
    private long negative = UNKNOWN_SIZE;

    OnnxParser(ProtobufReader in) {
        this.in = in;
    }

    OnnxModel model() throws IOException {
        var model = new Object() {
            long irVersion;
            String producer = "";
            String producerVersion = "";
            final Map<String, Long> opsets = new HashMap<>();

            @Nullable
            OnnxGraph graph;

            final List<OnnxFunction> functions = new ArrayList<>();
        };
        in.fields(tag -> {
            switch (field(tag)) {
                case 1 -> model.irVersion = in.varint(tag);
                case 2 -> model.producer = in.string(tag);
                case 3 -> model.producerVersion = in.string(tag);
                case 7 -> {
                    if (model.graph != null) {
                        throw new InvalidProtocolBufferException("it has two graphs");
                    }
                    model.graph = graph(tag);
                }
                case 8 -> opset(tag, model.opsets);
                case 25 -> model.functions.add(function(tag));
                default -> in.skip(tag);
            }
        });
        OnnxGraph graph = model.graph;
        if (graph == null) {
            throw new InvalidProtocolBufferException("it has no graph");
        }
        return new OnnxModel(
                model.irVersion,
                (model.producer + " " + model.producerVersion).strip(),
                model.opsets,
                graph,
                model.functions,
                externals);
    }

    private void opset(int tag, Map<String, Long> into) throws IOException {
        var opset = new Object() {
            String domain = "";
            long version;
        };
        in.message(tag, inner -> {
            switch (field(inner)) {
                case 1 -> opset.domain = in.string(inner);
                case 2 -> opset.version = in.varint(inner);
                default -> in.skip(inner);
            }
        });
        into.put(opset.domain.equals("ai.onnx") ? "" : opset.domain, opset.version);
    }

    private void entry(int tag, Map<String, String> into) throws IOException {
        String[] entry = {"", ""};
        in.message(tag, inner -> {
            switch (field(inner)) {
                case 1 -> entry[0] = in.string(inner);
                case 2 -> entry[1] = in.string(inner);
                default -> in.skip(inner);
            }
        });
        into.put(entry[0], entry[1]);
    }

    private OnnxFunction function(int tag) throws IOException {
        String[] names = {"", "", ""};
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        List<OnnxNode> nodes = new ArrayList<>();
        in.message(tag, inner -> {
            switch (field(inner)) {
                case 1 -> names[1] = in.string(inner);
                case 4 -> inputs.add(in.string(inner));
                case 5 -> outputs.add(in.string(inner));
                case 7 -> nodes.add(node(inner));
                case 10 -> names[0] = in.string(inner);
                case 13 -> names[2] = in.string(inner);
                default -> in.skip(inner);
            }
        });
        return new OnnxFunction(names[0], names[1], names[2], inputs, outputs, nodes);
    }

    private OnnxGraph graph(int tag) throws IOException {
        String[] name = {""};
        List<OnnxNode> nodes = new ArrayList<>();
        List<OnnxValue> inputs = new ArrayList<>();
        List<OnnxValue> outputs = new ArrayList<>();
        List<OnnxValue> values = new ArrayList<>();
        List<OnnxTensor> initializers = new ArrayList<>();
        List<OnnxTensor> sparse = new ArrayList<>();
        in.message(tag, inner -> {
            switch (field(inner)) {
                case 1 -> nodes.add(node(inner));
                case 2 -> name[0] = in.string(inner);
                case 5 -> initializers.add(tensor(inner));
                case 11 -> inputs.add(declared("input", inner));
                case 12 -> outputs.add(declared("output", inner));
                case 13 -> values.add(value(inner));
                case 15 -> sparse.add(sparse(inner));
                default -> in.skip(inner);
            }
        });
        return new OnnxGraph(name[0], nodes, inputs, outputs, values, initializers, sparse);
    }

    private OnnxNode node(int tag) throws IOException {
        int position = in.position();
        String[] names = {"", "", ""};
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        List<OnnxAttribute> attributes = new ArrayList<>();
        in.message(tag, inner -> {
            switch (field(inner)) {
                case 1 -> inputs.add(in.string(inner));
                case 2 -> outputs.add(in.string(inner));
                case 3 -> names[0] = in.string(inner);
                case 4 -> names[1] = in.string(inner);
                case 5 -> attributes.add(attribute(inner));
                case 7 -> names[2] = in.string(inner);
                default -> in.skip(inner);
            }
        });
        return new OnnxNode(position, names[0], names[2], names[1], inputs, outputs, attributes);
    }

    private OnnxAttribute attribute(int tag) throws IOException {
        var attribute = new Object() {
            String name = "";

            @Nullable
            Long integer;

            @Nullable
            String text;

            @Nullable
            OnnxTensor tensor;

            long counted;
            boolean whole = true;
            boolean reference;
        };
        List<Long> integers = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        List<OnnxGraph> graphs = new ArrayList<>();
        in.message(tag, inner -> {
            switch (field(inner)) {
                case 1 -> attribute.name = in.string(inner);
                case 3 -> attribute.integer = in.varint(inner);
                case 4 -> {
                    ByteString text = in.payload(inner, 1 << 16).bytes();
                    attribute.text = text == null ? null : text.toStringUtf8();
                }
                case 5 -> attribute.tensor = tensor(inner);
                case 6, 11 -> graphs.add(graph(inner));
                case 8 -> attribute.counted += in.integers(inner, integers, OnnxAttribute.KEPT_ELEMENTS);
                case 9 -> {
                    if (texts.size() < OnnxAttribute.KEPT_ELEMENTS) {
                        texts.add(in.string(inner));
                    } else {
                        attribute.whole = false;
                        in.skip(inner);
                    }
                }
                case 10 -> tensor(inner);
                case 21 -> attribute.reference = !in.string(inner).isEmpty();
                case 22, 23 -> sparse(inner);
                default -> in.skip(inner);
            }
        });
        return new OnnxAttribute(
                attribute.name,
                attribute.integer,
                attribute.text,
                attribute.tensor,
                integers,
                texts,
                graphs,
                attribute.whole && attribute.counted == integers.size(),
                attribute.reference);
    }

    private OnnxTensor sparse(int tag) throws IOException {
        var sparse = new Object() {
            @Nullable
            OnnxTensor values;
        };
        in.message(tag, inner -> {
            switch (field(inner)) {
                case 1 -> sparse.values = tensor(inner);
                case 2 -> tensor(inner);
                default -> in.skip(inner);
            }
        });
        OnnxTensor values = sparse.values;
        if (values == null) {
            throw new InvalidProtocolBufferException("a sparse tensor has no values");
        }
        return values;
    }

    private OnnxTensor tensor(int tag) throws IOException {
        var tensor = new Object() {
            String name = "";
            int element;
            long ranks;

            @Nullable
            ByteString raw;

            @Nullable
            ByteString floats;

            long location;
        };
        List<Long> dims = new ArrayList<>();
        List<Long> integers = new ArrayList<>();
        Map<String, String> external = new HashMap<>();
        TensorPayload payload = new TensorPayload();
        in.message(tag, inner -> {
            switch (field(inner)) {
                case 1 -> tensor.ranks += in.integers(inner, dims, MOST_DIMENSIONS);
                case 2 -> tensor.element = (int) in.varint(inner);
                case 4 -> {
                    ProtobufReader.Payload floats = in.fixed(inner, KEPT_RAW);
                    payload.floats += floats.length() / Float.BYTES;
                    tensor.floats = floats.bytes();
                }
                case 5 -> payload.ints += in.integers(inner, integers, OnnxTensor.KEPT_INTEGERS);
                case 6 -> {
                    in.skip(inner);
                    payload.strings++;
                }
                case 7 -> payload.longs += in.integers(inner, integers, OnnxTensor.KEPT_INTEGERS);
                case 8 -> tensor.name = in.string(inner);
                case 9 -> {
                    ProtobufReader.Payload raw = in.payload(inner, KEPT_RAW);
                    payload.raw = raw.length();
                    tensor.raw = raw.bytes();
                }
                case 10 -> payload.doubles += in.fixed(inner, -1).length() / Double.BYTES;
                case 11 -> payload.unsigned += in.integers(inner, new ArrayList<>(), 0);
                case 13 -> entry(inner, external);
                case 14 -> tensor.location = in.varint(inner);
                default -> in.skip(inner);
            }
        });
        if (tensor.ranks > MOST_DIMENSIONS) {
            throw new InvalidProtocolBufferException("a tensor has more than " + MOST_DIMENSIONS + " dimensions");
        }
        if (tensor.element == ElementType.INT32.number()) {
            integers.replaceAll(value -> (long) value.intValue());
        }
        if (tensor.raw != null) {
            integers.addAll(integers(tensor.raw, tensor.element));
        }
        OnnxTensor shell = new OnnxTensor(tensor.name, tensor.element, dims, List.of(), List.of(), null);
        boolean inside = tensor.location != EXTERNAL;
        boolean small = inside && integers.size() == shell.elements() && (payload.ints == 0 || payload.longs == 0);
        List<Float> floats = floats(payload.raw >= 0 ? tensor.raw : tensor.floats, tensor.element);
        OnnxTensor result = new OnnxTensor(
                tensor.name,
                tensor.element,
                dims,
                small ? integers : List.of(),
                inside && floats.size() == shell.elements() ? floats : List.of(),
                inside ? null : external(tensor.name, external));
        if (result.external() == null) {
            payload.require(shell);
        } else {
            externals.add(result);
        }
        return result;
    }

    private List<Long> integers(ByteString raw, int element) {
        var buffer = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        List<Long> values = new ArrayList<>();
        if (element == ElementType.INT64.number()) {
            LongBuffer longs = buffer.asLongBuffer();
            while (longs.hasRemaining()) {
                values.add(in.boxed(longs.get()));
            }
        } else if (element == ElementType.INT32.number()) {
            var ints = buffer.asIntBuffer();
            while (ints.hasRemaining()) {
                values.add(in.boxed(ints.get()));
            }
        } else if (element == ElementType.BOOL.number()) {
            while (buffer.hasRemaining()) {
                values.add(in.boxed(buffer.get()));
            }
        }
        return values;
    }

    private List<Float> floats(@Nullable ByteString bytes, int element) {
        if (bytes == null
                || element != ElementType.FLOAT.number()
                || bytes.size() > OnnxTensor.KEPT_FLOATS * Float.BYTES) {
            return List.of();
        }
        var buffer = bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        List<Float> values = new ArrayList<>();
        while (buffer.hasRemaining()) {
            values.add(in.boxed(buffer.get()));
        }
        return values;
    }

    private static OnnxTensor.External external(String tensor, Map<String, String> entries) throws IOException {
        return new OnnxTensor.External(
                entries.getOrDefault("location", ""),
                number(tensor, "offset", entries.getOrDefault("offset", "0")),
                entries.containsKey("length") ? number(tensor, "length", entries.getOrDefault("length", "")) : -1);
    }

    private static long number(String tensor, String key, String text) throws IOException {
        try {
            long value = Long.parseLong(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new InvalidProtocolBufferException("the " + key + " '" + text + "' of the external weights of tensor '"
                + tensor + "' is not a number from 0");
    }

    /** An input or output, which callers go by: what its dimensions say must make sense. */
    private OnnxValue declared(String side, int tag) throws IOException {
        negative = UNKNOWN_SIZE;
        OnnxValue value = value(tag);
        if (negative != UNKNOWN_SIZE) {
            throw new FailureException(Failure.BadInput.of(side + " '" + value.name() + "' declares a dimension of "
                    + negative + ": a size from 0, a name, or -1 for any size is expected"));
        }
        return value;
    }

    private OnnxValue value(int tag) throws IOException {
        var value = new Object() {
            String name = "";
            OnnxType type = OnnxType.Unknown.UNKNOWN;
        };
        in.message(tag, inner -> {
            switch (field(inner)) {
                case 1 -> value.name = in.string(inner);
                case 2 -> value.type = type(inner);
                default -> in.skip(inner);
            }
        });
        return new OnnxValue(value.name, value.type);
    }

    private OnnxType type(int tag) throws IOException {
        OnnxType[] type = {OnnxType.Unknown.UNKNOWN};
        in.message(tag, inner -> {
            switch (field(inner)) {
                case 1 -> type[0] = tensorType(inner);
                case 4 -> type[0] = new OnnxType.Sequence(element(inner));
                case 5 -> type[0] = mapType(inner);
                case 7 -> type[0] = opaqueType(inner);
                case 8 -> type[0] = new OnnxType.Sparse((int) first(inner));
                case 9 -> type[0] = new OnnxType.Optional(element(inner));
                default -> in.skip(inner);
            }
        });
        return type[0];
    }

    private OnnxType element(int tag) throws IOException {
        OnnxType[] type = {OnnxType.Unknown.UNKNOWN};
        in.message(tag, inner -> {
            if (field(inner) == 1) {
                type[0] = type(inner);
            } else {
                in.skip(inner);
            }
        });
        return type[0];
    }

    private long first(int tag) throws IOException {
        long[] number = {0};
        in.message(tag, inner -> {
            if (field(inner) == 1) {
                number[0] = in.varint(inner);
            } else {
                in.skip(inner);
            }
        });
        return number[0];
    }

    private OnnxType mapType(int tag) throws IOException {
        var map = new Object() {
            int key;
            OnnxType value = OnnxType.Unknown.UNKNOWN;
        };
        in.message(tag, inner -> {
            switch (field(inner)) {
                case 1 -> map.key = (int) in.varint(inner);
                case 2 -> map.value = type(inner);
                default -> in.skip(inner);
            }
        });
        return new OnnxType.Mapping(map.key, map.value);
    }

    private OnnxType opaqueType(int tag) throws IOException {
        String[] names = {"", ""};
        in.message(tag, inner -> {
            switch (field(inner)) {
                case 1 -> names[0] = in.string(inner);
                case 2 -> names[1] = in.string(inner);
                default -> in.skip(inner);
            }
        });
        return new OnnxType.Opaque(names[0], names[1]);
    }

    private OnnxType tensorType(int tag) throws IOException {
        var tensor = new Object() {
            int element;
            DeclaredShape shape = DeclaredShape.ANY;
        };
        in.message(tag, inner -> {
            switch (field(inner)) {
                case 1 -> tensor.element = (int) in.varint(inner);
                case 2 -> tensor.shape = shape(inner);
                default -> in.skip(inner);
            }
        });
        return new OnnxType.Tensor(tensor.element, tensor.shape);
    }

    private DeclaredShape shape(int tag) throws IOException {
        List<Dimension> dims = new ArrayList<>();
        in.message(tag, inner -> {
            if (field(inner) == 1) {
                dims.add(dimension(inner));
            } else {
                in.skip(inner);
            }
        });
        return new DeclaredShape(true, dims);
    }

    /** A dimension; -1, which some exporters write, and empty names are unknown, as ONNX Runtime has it. */
    private Dimension dimension(int tag) throws IOException {
        Dimension[] dim = {Dimension.UNKNOWN};
        in.message(tag, inner -> {
            switch (field(inner)) {
                case 1 -> {
                    long size = in.varint(inner);
                    dim[0] = size < 0 ? Dimension.UNKNOWN : Dimension.of(size);
                    negative = Math.min(negative, size < 0 ? size : UNKNOWN_SIZE);
                }
                case 2 -> dim[0] = Dimension.of(in.string(inner));
                default -> in.skip(inner);
            }
        });
        return dim[0];
    }
}
