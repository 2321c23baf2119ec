package dev.slipway.steps.image;

import dev.slipway.core.ByteBudget;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.time.Duration;

/**
 * What one image may take until the step after its decoding is done: so many pixels, and its part of what the images of
 * its request, and all images at the same time on the heap, take together.
 */
final class DecodeLimits implements AutoCloseable {

    /** On the heap: as the decoder gives it, with up to four samples of 16 bits, and as RGB. */
    static final int BYTES_PER_PIXEL = 11;

    private static final int SHARE = 2;

    private final int maxPixels;
    private final ByteBudget together;
    private final ByteBudget request;
    private long held;

    DecodeLimits(int maxPixels, ByteBudget together, ByteBudget request) {
        this.maxPixels = maxPixels;
        this.together = together;
        this.request = request;
    }

    /** The budget of all images: half of a heap. */
    static ByteBudget ofHeap(long bytes) {
        return new ByteBudget(bytes / SHARE);
    }

    /**
     * Admits an image of this size, before it is decoded.
     *
     * @throws FailureException {@code TooLarge}, or {@code Overloaded} when there is no room beside others
     */
    void admit(int height, int width) {
        Images.requireSize("the image", height, width);
        if ((long) height * width > maxPixels) {
            throw new FailureException(new Failure.TooLarge(
                    "the image is " + width + " by " + height + " pixels, at most " + maxPixels + " pixels are taken"));
        }
        long bytes = (long) height * width * BYTES_PER_PIXEL;
        if (bytes > together.limit()) {
            throw new FailureException(new Failure.TooLarge("the image is " + width + " by " + height
                    + " pixels, which may take " + bytes + " bytes of the heap, images have half of it, "
                    + together.limit() + " bytes: send a smaller one, or give the server more (-Xmx)"));
        }
        long more = Math.max(0, bytes - held);
        if (!request.tryTake(more / BYTES_PER_PIXEL)) {
            throw new FailureException(new Failure.TooLarge("the images of the request have "
                    + (request.held() + more / BYTES_PER_PIXEL) + " pixels up to this one, at most " + request.limit()
                    + " are taken together; send them in several requests"));
        }
        if (!together.tryTake(more)) {
            throw new FailureException(new Failure.Overloaded(
                    "images of " + together.held() / BYTES_PER_PIXEL + " pixels are being decoded, one of " + width
                            + " by " + height + " would be too much: try again soon",
                    Duration.ofSeconds(1)));
        }
        held += more;
    }

    /**
     * Admits what the decoder keeps besides its pixels.
     *
     * @throws FailureException {@code TooLarge}, or {@code Overloaded} when there is no room beside others
     */
    void admitTables(long bytes) {
        if (held + bytes > together.limit()) {
            throw new FailureException(new Failure.TooLarge("the codes of the image may take " + bytes
                    + " bytes of the heap beside its pixels, images have half of it, " + together.limit()
                    + " bytes: save it in another way, or give the server more (-Xmx)"));
        }
        if (!together.tryTake(bytes)) {
            throw new FailureException(new Failure.Overloaded(
                    "other images are being decoded, one whose codes may take " + bytes
                            + " bytes would be too much: try again soon",
                    Duration.ofSeconds(1)));
        }
        held += bytes;
    }

    @Override
    public void close() {
        together.giveBack(held);
    }
}
