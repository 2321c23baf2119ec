package dev.slipway.steps.image;

import dev.slipway.core.DataType;
import dev.slipway.core.Dimension;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Step;
import java.util.List;

/** ITU-R 601 luma of an RGB image, rounded as Pillow's {@code convert("L")} does; one channel stays as it is. */
record Grayscale() implements Step {

    static Step of(Arguments arguments) {
        arguments.only();
        return new Grayscale();
    }

    @Override
    public Flow check(Flow input) {
        Images.Dims dims = Images.require("grayscale", input, List.of(DataType.UINT8));
        if (dims.channels() instanceof Dimension.Fixed fixed && fixed.size() != 3 && fixed.size() != 1) {
            throw Images.misplaced("grayscale", input, "takes three channels or one");
        }
        return new Flow(DataType.UINT8, new Images.Dims(dims.height(), dims.width(), Dimension.of(1)).shape());
    }

    @Override
    public TensorLease apply(TensorLease input, TensorPool pool) {
        Tensor image = input.tensor();
        if (Images.channels(image) == 1) {
            return input.retain();
        }
        byte[] rgb = Images.bytes(image);
        byte[] luma = new byte[rgb.length / 3];
        for (int i = 0, at = 0; i < luma.length; i++, at += 3) {
            luma[i] = (byte)
                    ((19595 * (rgb[at] & 0xFF) + 38470 * (rgb[at + 1] & 0xFF) + 7471 * (rgb[at + 2] & 0xFF) + 0x8000)
                            >> 16);
        }
        return Images.bytes(luma, pool, Images.height(image), Images.width(image), 1);
    }
}
