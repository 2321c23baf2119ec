package dev.slipway.testing.onnx;

import dev.slipway.core.DataType;
import dev.slipway.core.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A constant of an ONNX graph: elements of fixed size as raw little-endian bytes, or strings. */
public final class OnnxTensor {

    private final DataType type;
    private final Shape shape;
    private final List<byte[]> content;

    private OnnxTensor(DataType type, Shape shape, List<byte[]> content) {
        this.type = type;
        this.shape = shape;
        this.content = List.copyOf(content);
    }

    public static OnnxTensor raw(DataType type, Shape shape, byte[] bytes) {
        return new OnnxTensor(type, shape, List.of(bytes));
    }

    public static OnnxTensor floats(Shape shape, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return raw(DataType.FP32, shape, bytes.array());
    }

    public static OnnxTensor longs(Shape shape, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return raw(DataType.INT64, shape, bytes.array());
    }

    public static OnnxTensor strings(Shape shape, List<byte[]> values) {
        return new OnnxTensor(DataType.BYTES, shape, values);
    }

    byte[] toBytes(String name) {
        return proto(name).toBytes();
    }

    ProtoWriter proto(String name) {
        ProtoWriter proto = new ProtoWriter();
        for (int i = 0; i < shape.rank(); i++) {
            proto.number(1, shape.dim(i));
        }
        proto.number(2, OnnxType.number(type));
        for (byte[] bytes : content) {
            proto.bytes(type == DataType.BYTES ? 6 : 9, bytes);
        }
        return proto.text(8, name);
    }

    /** The same tensor with its bytes in a file beside the model. */
    ProtoWriter external(String name, String file) {
        ProtoWriter proto = new ProtoWriter();
        for (int i = 0; i < shape.rank(); i++) {
            proto.number(1, shape.dim(i));
        }
        return located(proto.number(2, OnnxType.number(type)).text(8, name), file);
    }

    /** The same tensor, its bytes said to be in a file as well. */
    ProtoWriter twice(String name, String file) {
        return located(proto(name), file);
    }

    private static ProtoWriter located(ProtoWriter proto, String file) {
        proto.message(13, new ProtoWriter().text(1, "location").text(2, file));
        return proto.number(14, 1);
    }
}
