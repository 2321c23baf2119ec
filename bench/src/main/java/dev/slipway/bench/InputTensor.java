package dev.slipway.bench;

import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One input of a request.
 *
 * @param values in row-major order: numbers, booleans or strings
 */
record InputTensor(String name, DataType dataType, List<Long> shape, List<Object> values) {

    InputTensor {
        shape = List.copyOf(shape);
        values = List.copyOf(values);
        long elements = shape.stream().reduce(1L, Math::multiplyExact);
        if (elements != values.size()) {
            throw new FailureException(Failure.BadInput.of("input '" + name + "': shape " + shape + " holds " + elements
                    + " values, " + values.size() + " given"));
        }
    }

    /** The values as the protocol's raw contents: little-endian, each string behind its length. */
    byte[] raw() {
        ByteBuffer raw = ByteBuffer.allocate(rawBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (Object value : values) {
            switch (dataType) {
                case BOOL -> raw.put((byte) (value.equals(true) ? 1 : 0));
                case INT8, UINT8 -> raw.put(number(value).byteValue());
                case INT16, UINT16 -> raw.putShort(number(value).shortValue());
                case INT32, UINT32 -> raw.putInt(number(value).intValue());
                case INT64, UINT64 -> raw.putLong(number(value).longValue());
                case FP16 -> raw.putShort(Float.floatToFloat16(number(value).floatValue()));
                case BF16 ->
                    raw.putShort((short) (Float.floatToRawIntBits(number(value).floatValue()) >>> 16));
                case FP32 -> raw.putFloat(number(value).floatValue());
                case FP64 -> raw.putDouble(number(value).doubleValue());
                case BYTES -> {
                    byte[] text = bytes(value);
                    raw.putInt(text.length).put(text);
                }
            }
        }
        return raw.array();
    }

    private int rawBytes() {
        return dataType == DataType.BYTES
                ? values.stream()
                        .mapToInt(value -> Integer.BYTES + bytes(value).length)
                        .sum()
                : Math.multiplyExact(values.size(), dataType.bytes());
    }

    private Number number(Object value) {
        if (value instanceof Number number) {
            return number;
        }
        throw new FailureException(
                Failure.BadInput.of("input '" + name + "': values of " + dataType + ", '" + value + "' given"));
    }

    private static byte[] bytes(Object value) {
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }
}
