package dev.slipway.steps.image;

import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;

/** An image of 8-bit channels on the heap, where the resamplers work: rows, then columns, then channels. */
final class Pixels {

    final byte[] data;
    final int height;
    final int width;
    final int channels;

    private Pixels(byte[] data, int height, int width, int channels) {
        this.data = data;
        this.height = height;
        this.width = width;
        this.channels = channels;
    }

    static Pixels of(Tensor image) {
        return new Pixels(Images.bytes(image), Images.height(image), Images.width(image), Images.channels(image));
    }

    /**
     * Black pixels of a size.
     *
     * @throws dev.slipway.core.FailureException {@code TooLarge} for more than an image may have, as a very wide one
     *     would between two passes when it becomes very high
     */
    static Pixels blank(int height, int width, int channels) {
        Images.requireSize("the image while it is resized", height, width);
        return new Pixels(new byte[Math.multiplyExact(height * width, channels)], height, width, channels);
    }

    TensorLease lease(TensorPool pool) {
        return Images.bytes(data, pool, height, width, channels);
    }
}
