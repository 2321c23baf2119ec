package dev.slipway.steps.image;

import dev.slipway.core.DataType;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A rectangle of an image, which may reach over its edges. */
final class Window {

    private Window() {}

    /** The rectangle from {@code (top, left)}; where the image is not, the value {@code fill} stands. */
    static TensorLease cut(Tensor image, int top, int left, int height, int width, double fill, TensorPool pool) {
        Images.requireSize("the image after a crop or a border", height, width);
        int channels = Images.channels(image);
        TensorLease lease = pool.allocate(image.dataType(), Shape.of(height, width, channels));
        MemorySegment target = lease.tensor().data();
        fill(target, image.dataType(), fill);
        long pixel = (long) channels * image.dataType().bytes();
        int firstColumn = Math.max(left, 0);
        int endColumn = Math.min(left + width, Images.width(image));
        int endRow = Math.min(top + height, Images.height(image));
        for (int row = Math.max(top, 0); row < endRow && firstColumn < endColumn; row++) {
            MemorySegment.copy(
                    image.data(),
                    ((long) row * Images.width(image) + firstColumn) * pixel,
                    target,
                    ((long) (row - top) * width + firstColumn - left) * pixel,
                    (endColumn - firstColumn) * pixel);
        }
        return lease;
    }

    private static void fill(MemorySegment target, DataType dataType, double fill) {
        if (dataType == DataType.UINT8) {
            target.fill((byte) Math.clamp(Math.rint(fill), 0, 255));
            return;
        }
        for (long at = 0; at < target.byteSize(); at += 4) {
            target.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (float) fill);
        }
    }
}
