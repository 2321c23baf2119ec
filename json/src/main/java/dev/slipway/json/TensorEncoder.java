package dev.slipway.json;

import dev.slipway.core.DataType;
import dev.slipway.core.Elements;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Writes the elements of one tensor as JSON. */
final class TensorEncoder {

    private final JsonWriter writer;
    private final Tensor tensor;
    private final DataType dataType;

    TensorEncoder(JsonWriter writer, Tensor tensor) {
        this.writer = writer;
        this.tensor = tensor;
        this.dataType = tensor.dataType();
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
            case BOOL -> writer.ascii(Elements.whole(tensor, i) == 0 ? "false" : "true");
            case UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> writer.integer(Elements.whole(tensor, i));
            case UINT64 -> writer.unsigned(Elements.whole(tensor, i));
            case FP16, BF16, FP32 -> writer.floating((float) Elements.get(tensor, i));
            case FP64 -> writer.floating(Elements.get(tensor, i));
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
