package dev.slipway.verify.system;

import com.google.protobuf.ByteString;
import dev.slipway.core.NamedTensor;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A tensor as V2's binary extension carries it.
 *
 * @param bytes little-endian, in row-major order
 */
record V2Tensor(String name, String datatype, List<Long> shape, ByteString bytes) {

    static V2Tensor of(NamedTensor tensor) {
        List<Long> shape = new ArrayList<>();
        for (long dim : tensor.tensor().shape().toArray()) {
            shape.add(dim);
        }
        return new V2Tensor(
                tensor.name(),
                tensor.tensor().dataType().name(),
                shape,
                ByteString.copyFrom(tensor.tensor().data().toArray(ValueLayout.JAVA_BYTE)));
    }

    /** What differs from another, floating elements by more than {@code absolute + relative |theirs|}; else empty. */
    Optional<String> difference(V2Tensor expected, double relative, double absolute) {
        if (!datatype.equals(expected.datatype) || !shape.equals(expected.shape)) {
            return Optional.of("is " + datatype + shape + ", expected " + expected.datatype + expected.shape);
        }
        int width = width();
        if (width == 0) {
            return bytes.equals(expected.bytes) ? Optional.empty() : Optional.of("holds other values");
        }
        for (int i = 0; i < expected.bytes.size() / width; i++) {
            double given = floating(i);
            double wanted = expected.floating(i);
            boolean close = Double.compare(given, wanted) == 0
                    || given == wanted
                    || Math.abs(given - wanted) <= absolute + relative * Math.abs(wanted);
            if (!close) {
                return Optional.of("has element " + i + " = " + given + ", expected " + wanted);
            }
        }
        return bytes.size() == expected.bytes.size()
                ? Optional.empty()
                : Optional.of("has " + bytes.size() + " bytes, expected " + expected.bytes.size());
    }

    /** Bytes of a floating element; 0 for what is compared exactly. */
    private int width() {
        return switch (datatype) {
            case "FP16", "BF16" -> 2;
            case "FP32" -> 4;
            case "FP64" -> 8;
            default -> 0;
        };
    }

    private double floating(int i) {
        ByteBuffer data = bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        return switch (datatype) {
            case "FP16" -> Float.float16ToFloat(data.getShort(2 * i));
            case "BF16" -> Float.intBitsToFloat(data.getShort(2 * i) << 16);
            case "FP32" -> data.getFloat(4 * i);
            default -> data.getDouble(8 * i);
        };
    }
}
