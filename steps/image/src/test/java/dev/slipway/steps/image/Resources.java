package dev.slipway.steps.image;

import dev.slipway.core.DataType;
import dev.slipway.core.Shape;
import dev.slipway.core.StepSpec;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Step;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The test images and tensors of them. */
final class Resources {

    private Resources() {}

    static byte[] bytes(String name) {
        try (InputStream in = Objects.requireNonNull(Resources.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Tensor image(byte[] pixels, long height, long width, long channels) {
        return Tensor.of(DataType.UINT8, Shape.of(height, width, channels), nativeCopy(pixels));
    }

    static Tensor file(byte[] content) {
        byte[] element = new byte[4 + content.length];
        MemorySegment.ofArray(element).set(ValueLayout.JAVA_INT_UNALIGNED, 0, content.length);
        System.arraycopy(content, 0, element, 4, content.length);
        MemorySegment index = MemorySegment.ofArray(new long[] {0, element.length});
        return Tensor.ofBytes(Shape.of(1), nativeCopy(element), index);
    }

    private static MemorySegment nativeCopy(byte[] bytes) {
        return MemorySegment.ofArray(bytes.clone());
    }

    static Step step(String name, Map<String, Object> arguments) {
        return new ImageSteps().create(new StepSpec(name, arguments));
    }

    /** The output of a step, copied to the heap. */
    static Tensor apply(Step step, Tensor input, TensorPool pool) {
        return apply(List.of(step), input, pool);
    }

    static Tensor apply(List<Step> steps, Tensor input, TensorPool pool) {
        TensorLease lease = pool.adopt(input, () -> {});
        for (Step step : steps) {
            try (TensorLease before = lease) {
                lease = step.apply(before, pool);
            }
        }
        try (TensorLease last = lease) {
            Tensor output = last.tensor();
            return Tensor.of(
                    output.dataType(), output.shape(), nativeCopy(output.data().toArray(ValueLayout.JAVA_BYTE)));
        }
    }

    static byte[] content(Tensor tensor) {
        return tensor.data().toArray(ValueLayout.JAVA_BYTE);
    }

    static float[] floats(Tensor tensor) {
        return tensor.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }
}
