package dev.slipway.steps.image;

import dev.slipway.core.DataType;
import dev.slipway.core.Dimension;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Step;
import java.util.List;

/** The middle of an image, placed as torchvision's {@code center_crop} does; a smaller image gets a black border. */
record CenterCrop(int height, int width) implements Step {

    static Step of(Arguments arguments) {
        arguments.only("height", "width", Arguments.VALUE);
        if (arguments.has(Arguments.VALUE)) {
            int side = arguments.integer(Arguments.VALUE, 1, Images.LONGEST_SIDE);
            return new CenterCrop(side, side);
        }
        return new CenterCrop(
                arguments.integer("height", 1, Images.LONGEST_SIDE),
                arguments.integer("width", 1, Images.LONGEST_SIDE));
    }

    @Override
    public Flow check(Flow input) {
        Images.Dims dims = Images.require("center_crop", input, List.of(DataType.UINT8, DataType.FP32));
        return new Flow(
                input.dataType(), new Images.Dims(Dimension.of(height), Dimension.of(width), dims.channels()).shape());
    }

    @Override
    public TensorLease apply(TensorLease input, TensorPool pool) {
        Tensor image = input.tensor();
        return Window.cut(
                image, start(Images.height(image), height), start(Images.width(image), width), height, width, 0, pool);
    }

    /** Where the crop starts; negative when the image is smaller, by the part of the border that comes before it. */
    private static int start(int size, int crop) {
        return size >= crop ? (int) Math.rint((size - crop) / 2.0) : -((crop - size) / 2);
    }
}
