package dev.slipway.steps.image;

import dev.slipway.core.ByteBudget;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Step;
import java.lang.foreign.ValueLayout;

/**
 * An image file as 8-bit RGB {@code [height,width,3]}, turned as its EXIF orientation says. It gives what Pillow's
 * {@code convert("RGB")} gives: an alpha channel is dropped, colour profiles are not applied, a palette is looked up;
 * of 16 bits the higher 8 are taken. Lossy WebP is a few levels off where colours change: its decoder does not
 * interpolate them.
 *
 * @param maxPixels an image that says it has more is refused before it is decoded
 * @param together the bytes of the heap that images may take at the same time; one that does not fit beside the others is
 *     refused
 * @param request the pixels of all images of one request, which are decoded one after another
 */
record Decode(int maxPixels, ByteBudget together, ByteBudget request) implements Step {

    static Step of(Arguments arguments, ByteBudget together) {
        arguments.only("max_pixels");
        return new Decode(
                arguments.integer("max_pixels", 1, Images.MOST_PIXELS, Images.MOST_PIXELS),
                together,
                new ByteBudget(Long.MAX_VALUE));
    }

    @Override
    public Step forRequest() {
        return new Decode(maxPixels, together, new ByteBudget(Images.MOST_PIXELS_OF_A_REQUEST));
    }

    @Override
    public Flow check(Flow input) {
        if (input.dataType() != DataType.BYTES || !input.shape().fits(Shape.of(1))) {
            throw Images.misplaced("decode", input, "takes one file, BYTES[1]");
        }
        return new Flow(DataType.UINT8, DeclaredShape.of(Dimension.UNKNOWN, Dimension.UNKNOWN, Dimension.of(3)));
    }

    @Override
    public TensorLease apply(TensorLease input, TensorPool pool) {
        Tensor file = input.tensor();
        byte[] bytes = file.element(0).toArray(ValueLayout.JAVA_BYTE);
        DecodeLimits limits = new DecodeLimits(maxPixels, together, request);
        try {
            TensorLease image = ImageFile.of(bytes).decode(limits).lease(pool);
            return new TensorLease(image.tensor(), () -> {
                image.close();
                limits.close();
            });
        } catch (RuntimeException | Error e) {
            limits.close();
            throw e;
        }
    }
}
