package dev.slipway.steps.image;

import dev.slipway.core.ByteBudget;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.time.Duration;

/**
 * What one image may take while it is decoded: so many pixels, and its part of what the images of its request and those
 * that are decoded at the same time take together.
 */
final class DecodeLimits implements AutoCloseable {

    private static final int BYTES_PER_PIXEL = 3;

    private final int maxPixels;
    private final ByteBudget together;
    private final ByteBudget request;
    private long held;

    DecodeLimits(int maxPixels, ByteBudget together, ByteBudget request) {
        this.maxPixels = maxPixels;
        this.together = together;
        this.request = request;
    }

    /** The budget for as many of the largest images at once as there are cores. */
    static ByteBudget forCores(int cores) {
        return new ByteBudget((long) cores * BYTES_PER_PIXEL * Images.MOST_PIXELS);
    }

    /**
     * Admits an image of this size, before it is decoded.
     *
     * @throws FailureException {@code TooLarge}, or {@code Overloaded} when too much is being decoded
     */
    void admit(int height, int width) {
        Images.requireSize("the image", height, width);
        if ((long) height * width > maxPixels) {
            throw new FailureException(new Failure.TooLarge(
                    "the image is " + width + " by " + height + " pixels, at most " + maxPixels + " pixels are taken"));
        }
        long more = Math.max(0, (long) height * width * BYTES_PER_PIXEL - held);
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

    @Override
    public void close() {
        together.giveBack(held);
    }
}
