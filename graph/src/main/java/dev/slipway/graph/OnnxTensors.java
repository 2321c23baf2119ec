package dev.slipway.graph;

import static dev.slipway.graph.ProtobufReader.field;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads files with one {@code TensorProto}, as ONNX keeps test data. Whole in memory: for small tensors. */
public final class OnnxTensors {

    private static final int LARGEST = 256 << 20;

    private OnnxTensors() {}

    /**
     * A tensor with its elements.
     *
     * @param data the elements in row-major order, little-endian; empty for {@link DataType#BYTES}
     * @param strings the elements of {@link DataType#BYTES}; empty for every other type
     */
    public record Content(String name, DataType dataType, Shape shape, ByteBuffer data, List<ByteString> strings) {
        public Content {
            strings = List.copyOf(strings);
        }

        /** A view of the elements of its own. */
        @Override
        public ByteBuffer data() {
            return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /**
     * Reads a file.
     *
     * @throws FailureException {@code BadInput} when it is no whole tensor, {@code Unsupported} when no
     *     {@link DataType} has its element type
     */
    public static Content read(Path file) {
        try (ProtobufReader in = new ProtobufReader(file)) {
            var tensor = new Parts();
            in.fields(tag -> tensor.read(in, tag));
            return tensor.content();
        } catch (IOException | IllegalArgumentException | ArithmeticException e) {
            throw new FailureException(
                    Failure.BadInput.malformed("'" + file.getFileName() + "' is not an ONNX tensor: " + e.getMessage()),
                    e);
        }
    }

    private static final class Parts {
        private String name = "";
        private int element;
        private final List<Long> dims = new ArrayList<>();
        private final List<Long> integers = new ArrayList<>();
        private final List<ByteString> strings = new ArrayList<>();
        private ByteString floats = ByteString.EMPTY;
        private @Nullable ByteString raw;

        void read(ProtobufReader in, int tag) throws IOException {
            switch (field(tag)) {
                case 1 -> in.integers(tag, dims, 64);
                case 2 -> element = (int) in.varint(tag);
                case 4, 10 -> floats = floats.concat(in.fixed(tag, LARGEST));
                case 5, 7, 11 -> in.integers(tag, integers, LARGEST);
                case 6 -> strings.add(in.bytes(tag, LARGEST));
                case 8 -> name = in.string(tag);
                case 9 -> raw = in.bytes(tag, LARGEST);
                case 14 -> throw new InvalidProtocolBufferException("its elements are in another file");
                default -> in.skip(tag);
            }
        }

        Content content() throws IOException {
            DataType dataType = ElementType.of(element)
                    .flatMap(ElementType::dataType)
                    .orElseThrow(() -> new FailureException(new Failure.Unsupported("tensor '" + name
                            + "' has elements of type " + ElementType.word(element) + ", which no protocol carries")));
            Shape shape = Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
            ByteBuffer data = dataType == DataType.BYTES ? ByteBuffer.allocate(0) : data(dataType);
            long given = dataType == DataType.BYTES ? strings.size() : data.remaining();
            long expected = Math.multiplyExact(shape.elements(), (long) Math.max(1, dataType.bytes()));
            if (given != expected) {
                throw new InvalidProtocolBufferException("shape " + shape + " of " + dataType + " needs " + expected
                        + " bytes or strings, " + given + " given");
            }
            return new Content(name, dataType, shape, data, strings);
        }

        private ByteBuffer data(DataType dataType) {
            if (raw != null) {
                return raw.asReadOnlyByteBuffer();
            }
            if (dataType == DataType.FP32 || dataType == DataType.FP64) {
                return floats.asReadOnlyByteBuffer();
            }
            ByteBuffer data = ByteBuffer.allocate(Math.multiplyExact(integers.size(), dataType.bytes()))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (long value : integers) {
                switch (dataType.bytes()) {
                    case 1 -> data.put((byte) value);
                    case 2 -> data.putShort((short) value);
                    case 4 -> data.putInt((int) value);
                    default -> data.putLong(value);
                }
            }
            return data.flip().asReadOnlyBuffer();
        }
    }
}
