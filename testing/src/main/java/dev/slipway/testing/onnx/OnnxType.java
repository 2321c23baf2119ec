package dev.slipway.testing.onnx;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;

/** The type of a value of an ONNX graph. */
public sealed interface OnnxType {

    /** @param elementType ONNX's number for it, so that types without a {@link DataType} can be written too */
    record TensorType(int elementType, DeclaredShape shape) implements OnnxType {}

    record SparseType(int elementType, DeclaredShape shape) implements OnnxType {}

    record SequenceType(OnnxType element) implements OnnxType {}

    record OptionalType(OnnxType element) implements OnnxType {}

    record MapType(int keyType, OnnxType value) implements OnnxType {}

    static OnnxType tensor(DataType type, DeclaredShape shape) {
        return new TensorType(number(type), shape);
    }

    /** ONNX's number for a data type. */
    static int number(DataType type) {
        return switch (type) {
            case FP32 -> 1;
            case UINT8 -> 2;
            case INT8 -> 3;
            case UINT16 -> 4;
            case INT16 -> 5;
            case INT32 -> 6;
            case INT64 -> 7;
            case BYTES -> 8;
            case BOOL -> 9;
            case FP16 -> 10;
            case FP64 -> 11;
            case UINT32 -> 12;
            case UINT64 -> 13;
            case BF16 -> 16;
        };
    }

    /** This type as a {@code TypeProto}. */
    default byte[] toBytes() {
        return proto(this).toBytes();
    }

    private static ProtoWriter proto(OnnxType type) {
        return switch (type) {
            case TensorType tensor -> new ProtoWriter().message(1, tensor(tensor.elementType(), tensor.shape()));
            case SparseType sparse -> new ProtoWriter().message(8, tensor(sparse.elementType(), sparse.shape()));
            case SequenceType sequence ->
                new ProtoWriter().message(4, new ProtoWriter().message(1, proto(sequence.element())));
            case OptionalType optional ->
                new ProtoWriter().message(9, new ProtoWriter().message(1, proto(optional.element())));
            case MapType map ->
                new ProtoWriter()
                        .message(5, new ProtoWriter().number(1, map.keyType()).message(2, proto(map.value())));
        };
    }

    private static ProtoWriter tensor(int elementType, DeclaredShape shape) {
        ProtoWriter tensor = new ProtoWriter().number(1, elementType);
        if (!shape.ranked()) {
            return tensor;
        }
        ProtoWriter dims = new ProtoWriter();
        for (Dimension dim : shape.dims()) {
            dims.message(
                    1,
                    switch (dim) {
                        case Dimension.Fixed fixed -> new ProtoWriter().number(1, fixed.size());
                        case Dimension.Dynamic dynamic when dynamic.name().isEmpty() -> new ProtoWriter();
                        case Dimension.Dynamic dynamic -> new ProtoWriter().text(2, dynamic.name());
                    });
        }
        return tensor.message(2, dims);
    }
}
