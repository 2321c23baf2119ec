package dev.slipway.steps.image;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Step;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** The order of an image's axes as the model wants them: channels first (nchw) or, as an image already has them, last. */
record Layout(Order order) implements Step {

    private static final List<DataType> TYPES = Arrays.stream(DataType.values())
            .filter(type -> type != DataType.BYTES)
            .toList();

    enum Order {
        NCHW,
        NHWC
    }

    static Step of(Arguments arguments) {
        arguments.only(Arguments.VALUE);
        return new Layout(arguments.choice(Arguments.VALUE, Order.values()));
    }

    @Override
    public Flow check(Flow input) {
        Images.Dims dims = Images.require("layout", input, TYPES);
        return switch (order) {
            case NCHW -> new Flow(input.dataType(), DeclaredShape.of(dims.channels(), dims.height(), dims.width()));
            case NHWC -> input;
        };
    }

    @Override
    public TensorLease apply(TensorLease input, TensorPool pool) {
        Tensor image = input.tensor();
        int channels = Images.channels(image);
        Shape planes = Shape.of(channels, Images.height(image), Images.width(image));
        if (order == Order.NHWC) {
            return input.retain();
        }
        if (channels == 1) {
            return input.view(image.reshape(planes));
        }
        TensorLease lease = pool.allocate(image.dataType(), planes);
        long bytes = image.dataType().bytes();
        long pixels = channels == 0 ? 0 : image.shape().elements() / channels;
        for (int channel = 0; channel < channels; channel++) {
            for (long pixel = 0; pixel < pixels; pixel++) {
                MemorySegment.copy(
                        image.data(),
                        (pixel * channels + channel) * bytes,
                        lease.tensor().data(),
                        (channel * pixels + pixel) * bytes,
                        bytes);
            }
        }
        return lease;
    }
}
