package dev.slipway.testing.onnx;

import dev.slipway.core.DataType;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Reads ONNX's {@code TensorProto} and {@code SequenceProto}, as test data has them. */
final class TensorProto {

    private final List<Long> dims = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();
    private final List<byte[]> strings = new ArrayList<>();
    private final List<TensorProto> elements = new ArrayList<>();
    private ByteBuffer raw = ByteBuffer.allocate(0);
    private int elementType;

    private TensorProto() {}

    static TensorProto read(ByteBuffer bytes) {
        TensorProto tensor = new TensorProto();
        ProtoReader reader = new ProtoReader(bytes);
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case 1 -> tensor.dimension(reader);
                case 2 -> tensor.elementType = (int) reader.number();
                case 3 -> tensor.elements.add(read(reader.content()));
                case 4 -> tensor.add(reader, ProtoReader::fixed32);
                case 5, 7, 11 -> tensor.add(reader, ProtoReader::varint);
                case 6 -> tensor.strings.add(bytes(reader.content()));
                case 9 -> tensor.raw = reader.content();
                case 10 -> tensor.add(reader, ProtoReader::fixed64);
                default -> reader.skip();
            }
        }
        return tensor;
    }

    /** A dimension of a tensor; of a sequence the field is its name. */
    private void dimension(ProtoReader reader) {
        if (!reader.packed()) {
            dims.add(reader.number());
            return;
        }
        ByteBuffer content = reader.content();
        if (elementType == 0) {
            ProtoReader packed = new ProtoReader(content);
            while (packed.more()) {
                dims.add(packed.varint());
            }
        }
    }

    private void add(ProtoReader reader, ToLongFunction<ProtoReader> number) {
        if (!reader.packed()) {
            numbers.add(reader.number());
            return;
        }
        ProtoReader packed = new ProtoReader(reader.content());
        while (packed.more()) {
            numbers.add(number.applyAsLong(packed));
        }
    }

    private static byte[] bytes(ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return bytes;
    }

    /** The elements when this is a sequence. */
    List<TensorProto> elements() {
        return elements;
    }

    /** @throws IllegalArgumentException for a type that no {@link DataType} stands for */
    TensorLease lease(TensorPool pool) {
        Shape shape = Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
        DataType type = type();
        if (type == DataType.BYTES) {
            return pool.copyOfBytes(shape, strings);
        }
        TensorLease lease = pool.allocate(type, shape);
        lease.tensor().data().copyFrom(MemorySegment.ofBuffer(raw.hasRemaining() ? raw : content(type)));
        return lease;
    }

    private DataType type() {
        for (DataType type : DataType.values()) {
            if (OnnxType.number(type) == elementType) {
                return type;
            }
        }
        throw new IllegalArgumentException("element type " + elementType + " cannot be carried");
    }

    private ByteBuffer content(DataType type) {
        ByteBuffer content = ByteBuffer.allocate(numbers.size() * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (long number : numbers) {
            for (int i = 0; i < type.bytes(); i++) {
                content.put((byte) (number >>> (8 * i)));
            }
        }
        return content.flip();
    }
}
