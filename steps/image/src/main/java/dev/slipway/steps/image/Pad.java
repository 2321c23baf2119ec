package dev.slipway.steps.image;

import dev.slipway.core.DataType;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Step;
import java.util.List;

/** A border of one value, of a given thickness on each side or up to a size with the image in the middle. */
sealed interface Pad extends Step {

    List<DataType> TYPES = List.of(DataType.UINT8, DataType.FP32);

    /** A border of this thickness. */
    record Border(int top, int right, int bottom, int left, double fill) implements Pad {

        @Override
        public Flow check(Flow input) {
            Images.Dims dims = Images.require("pad", input, TYPES);
            return new Flow(
                    input.dataType(),
                    new Images.Dims(
                                    grown(dims.height(), top + bottom),
                                    grown(dims.width(), left + right),
                                    dims.channels())
                            .shape());
        }

        private static Dimension grown(Dimension dim, int by) {
            return switch (dim) {
                case Dimension.Fixed fixed -> Dimension.of(fixed.size() + by);
                case Dimension.Dynamic _ -> Dimension.UNKNOWN;
            };
        }

        @Override
        public TensorLease apply(TensorLease input, TensorPool pool) {
            Tensor image = input.tensor();
            int height = Images.height(image) + top + bottom;
            int width = Images.width(image) + left + right;
            return Window.cut(image, -top, -left, height, width, fill, pool);
        }
    }

    /** A border up to this size; of an odd number of missing pixels, the one more comes after the image. */
    record Size(int height, int width, double fill) implements Pad {

        @Override
        public Flow check(Flow input) {
            Images.Dims dims = Images.require("pad", input, TYPES);
            if ((dims.height() instanceof Dimension.Fixed(long given) && given > height)
                    || (dims.width() instanceof Dimension.Fixed(long wide) && wide > width)) {
                throw Images.misplaced("pad", input, "makes " + width + " by " + height + " of no larger image");
            }
            return new Flow(
                    input.dataType(),
                    new Images.Dims(Dimension.of(height), Dimension.of(width), dims.channels()).shape());
        }

        @Override
        public TensorLease apply(TensorLease input, TensorPool pool) {
            Tensor image = input.tensor();
            int down = height - Images.height(image);
            int right = width - Images.width(image);
            if (down < 0 || right < 0) {
                throw new FailureException(Failure.BadInput.of("step 'pad': the image is " + Images.width(image)
                        + " by " + Images.height(image) + ", larger than " + width + " by " + height));
            }
            return Window.cut(image, -(down / 2), -(right / 2), height, width, fill, pool);
        }
    }

    static Step of(Arguments arguments) {
        arguments.only("top", "right", "bottom", "left", "height", "width", "fill", Arguments.VALUE);
        double fill = arguments.number("fill", 0);
        if (arguments.has("height") || arguments.has("width")) {
            if (arguments.spec().arguments().keySet().stream()
                    .anyMatch(List.of("top", "right", "bottom", "left", Arguments.VALUE)::contains)) {
                throw arguments.wrong("takes height and width, or the thickness of the border, not both");
            }
            return new Size(side(arguments, "height"), side(arguments, "width"), fill);
        }
        int all = arguments.integer(Arguments.VALUE, 0, Images.LONGEST_SIDE, 0);
        return new Border(
                thickness(arguments, "top", all),
                thickness(arguments, "right", all),
                thickness(arguments, "bottom", all),
                thickness(arguments, "left", all),
                fill);
    }

    private static int side(Arguments arguments, String name) {
        return arguments.integer(name, 1, Images.LONGEST_SIDE);
    }

    private static int thickness(Arguments arguments, String name, int absent) {
        return arguments.integer(name, 0, Images.LONGEST_SIDE, absent);
    }
}
