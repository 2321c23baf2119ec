package dev.slipway.steps.image;

import dev.slipway.core.DataType;
import dev.slipway.core.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The pixels of a UINT8 or FP32 image as floats. */
final class Numbers {

    private Numbers() {}

    static float[] floats(Tensor image) {
        MemorySegment data = image.data();
        float[] values = new float[Math.toIntExact(image.shape().elements())];
        if (image.dataType() == DataType.FP32) {
            MemorySegment.copy(data, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values, 0, values.length);
        } else {
            for (int i = 0; i < values.length; i++) {
                values[i] = Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, i));
            }
        }
        return values;
    }
}
