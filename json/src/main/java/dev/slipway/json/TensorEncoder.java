package dev.slipway.json;

import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Writes the elements of one tensor as JSON. */
final class TensorEncoder {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final JsonWriter writer;
    private final Tensor tensor;
    private final DataType dataType;
    private final MemorySegment data;

    TensorEncoder(JsonWriter writer, Tensor tensor) {
        this.writer = writer;
        this.tensor = tensor;
        this.dataType = tensor.dataType();
        this.data = tensor.data();
    }

    void nested() {
        nested(0, 0, tensor.shape().elements());
    }

    private void nested(int axis, long from, long count) {
        Shape shape = tensor.shape();
        if (axis == shape.rank()) {
            element(from);
            return;
        }
        writer.put('[');
        long dim = shape.dim(axis);
        if (axis == shape.rank() - 1) {
            elements(from, dim);
        } else {
            long part = dim == 0 ? 0 : count / dim;
            for (long i = 0; i < dim; i++) {
                if (i > 0) {
                    writer.put(',');
                }
                nested(axis + 1, from + i * part, part);
            }
        }
        writer.put(']');
    }

    /** The elements {@code from} to {@code from + count}, with commas between. */
    void elements(long from, long count) {
        for (long i = from; i < from + count; i++) {
            if (i > from) {
                writer.put(',');
            }
            element(i);
        }
    }

    private void element(long i) {
        switch (dataType) {
            case BOOL -> writer.ascii(data.get(ValueLayout.JAVA_BYTE, i) == 0 ? "false" : "true");
            case INT8 -> writer.integer(data.get(ValueLayout.JAVA_BYTE, i));
            case UINT8 -> writer.integer(data.get(ValueLayout.JAVA_BYTE, i) & 0xFF);
            case INT16 -> writer.integer(data.get(SHORT, 2 * i));
            case UINT16 -> writer.integer(data.get(SHORT, 2 * i) & 0xFFFF);
            case INT32 -> writer.integer(data.get(INT, 4 * i));
            case UINT32 -> writer.integer(Integer.toUnsignedLong(data.get(INT, 4 * i)));
            case INT64 -> writer.integer(data.get(LONG, 8 * i));
            case UINT64 -> writer.unsigned(data.get(LONG, 8 * i));
            case FP16 -> writer.floating(Float.float16ToFloat(data.get(SHORT, 2 * i)));
            case BF16 -> writer.floating(Float.intBitsToFloat(data.get(SHORT, 2 * i) << 16));
            case FP32 -> writer.floating(data.get(FLOAT, 4 * i));
            case FP64 -> writer.floating(data.get(DOUBLE, 8 * i));
            case BYTES -> string(tensor.element(i));
        }
    }

    private void string(MemorySegment bytes) {
        ByteBuffer content = bytes.asByteBuffer();
        try {
            StandardCharsets.UTF_8.newDecoder().decode(content);
        } catch (CharacterCodingException e) {
            throw new FailureException(
                    new Failure.Unsupported(
                            "an output holds bytes that are not UTF-8 text, which JSON cannot carry: ask for it in"
                                    + " binary form"),
                    e);
        }
        writer.put('"');
        for (long i = 0; i < bytes.byteSize(); i++) {
            writer.escaped(bytes.get(ValueLayout.JAVA_BYTE, i) & 0xFF);
        }
        writer.put('"');
    }
}
