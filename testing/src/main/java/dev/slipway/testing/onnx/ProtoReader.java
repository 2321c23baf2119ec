package dev.slipway.testing.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Steps through the fields of one protobuf message. */
final class ProtoReader {

    private final ByteBuffer bytes;
    private int wireType;

    ProtoReader(ByteBuffer bytes) {
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The number of the next field, or 0 at the end. */
    int next() {
        if (!bytes.hasRemaining()) {
            return 0;
        }
        long tag = varint();
        wireType = (int) (tag & 7);
        return (int) (tag >>> 3);
    }

    boolean packed() {
        return wireType == 2;
    }

    /** The value of a number of any width, its bits. */
    long number() {
        return switch (wireType) {
            case 0 -> varint();
            case 1 -> bytes.getLong();
            case 5 -> bytes.getInt();
            default -> throw new IllegalStateException("wire type " + wireType + " is not a number");
        };
    }

    /** The value of a length-delimited field. */
    ByteBuffer content() {
        int length = Math.toIntExact(varint());
        ByteBuffer content = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + length);
        return content;
    }

    void skip() {
        if (wireType == 2) {
            content();
        } else {
            number();
        }
    }

    boolean more() {
        return bytes.hasRemaining();
    }

    long varint() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    int fixed32() {
        return bytes.getInt();
    }

    long fixed64() {
        return bytes.getLong();
    }
}
