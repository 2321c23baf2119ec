package dev.slipway.steps.image;

import dev.slipway.core.DataType;
import dev.slipway.core.Dimension;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Step;
import java.util.List;

/** An image of another size, as the named library makes it. */
record Resize(Target target, Like like) implements Step {

    /** The library and filter whose result it equals. */
    enum Like {
        PILLOW_BILINEAR,
        PILLOW_BICUBIC,
        TORCHVISION_BILINEAR,
        OPENCV_LINEAR,
        OPENCV_AREA,
        TENSORFLOW_BILINEAR,
        NEAREST;

        Resampler resampler() {
            return switch (this) {
                case PILLOW_BILINEAR -> new PillowResampler(PillowResampler.Filter.BILINEAR);
                case PILLOW_BICUBIC -> new PillowResampler(PillowResampler.Filter.BICUBIC);
                case TORCHVISION_BILINEAR -> new TorchvisionResampler();
                case OPENCV_LINEAR -> new OpencvLinearResampler();
                case OPENCV_AREA -> new OpencvAreaResampler();
                case TENSORFLOW_BILINEAR -> new TensorflowResampler();
                case NEAREST -> new NearestResampler();
            };
        }
    }

    /** The size to make. */
    sealed interface Target {

        record Exactly(int height, int width) implements Target {}

        /** The shorter side gets this length, the other keeps the proportion, rounded down as torchvision does. */
        record ShorterSide(int length) implements Target {

            long other(long shorter, long longer) {
                return (long) ((double) length * longer / shorter);
            }
        }
    }

    static Step of(Arguments arguments) {
        arguments.only("height", "width", "shorter_side", "like");
        Like like = arguments.choice("like", Like.values());
        if (!arguments.has("shorter_side")) {
            return new Resize(new Target.Exactly(side(arguments, "height"), side(arguments, "width")), like);
        }
        if (arguments.has("height") || arguments.has("width")) {
            throw arguments.wrong("takes height and width, or shorter_side, not both");
        }
        return new Resize(new Target.ShorterSide(side(arguments, "shorter_side")), like);
    }

    private static int side(Arguments arguments, String name) {
        return arguments.integer(name, 1, Images.LONGEST_SIDE);
    }

    @Override
    public Flow check(Flow input) {
        Images.Dims dims = Images.require("resize", input, List.of(DataType.UINT8));
        Images.Dims resized = switch (target) {
            case Target.Exactly(int height, int width) ->
                new Images.Dims(Dimension.of(height), Dimension.of(width), dims.channels());
            case Target.ShorterSide _ -> new Images.Dims(Dimension.UNKNOWN, Dimension.UNKNOWN, dims.channels());
        };
        return new Flow(like.resampler().result(), resized.shape());
    }

    @Override
    public TensorLease apply(TensorLease input, TensorPool pool) {
        Tensor image = input.tensor();
        long height = Images.height(image);
        long width = Images.width(image);
        Images.requireSize("the image to resize", height, width);
        return switch (target) {
            case Target.Exactly(int toHeight, int toWidth) -> resized(image, toHeight, toWidth, pool);
            case Target.ShorterSide shorter
            when height <= width -> resized(image, shorter.length(), shorter.other(height, width), pool);
            case Target.ShorterSide shorter -> resized(image, shorter.other(width, height), shorter.length(), pool);
        };
    }

    private TensorLease resized(Tensor image, long height, long width, TensorPool pool) {
        Images.requireSize("the resized image", height, width);
        return like.resampler().resize(Pixels.of(image), (int) height, (int) width, pool);
    }
}
