package dev.slipway.steps.image;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Step;
import java.util.List;

/**
 * Each channel less its mean, over its standard deviation, as 32-bit floats. The channels are the last axis when that
 * has as many elements as means are given, else the first.
 */
final class Normalize implements Step {

    private final float[] mean;
    private final float[] std;

    private Normalize(float[] mean, float[] std) {
        this.mean = mean;
        this.std = std;
    }

    static Step of(Arguments arguments) {
        arguments.only("mean", "std");
        float[] mean = arguments.numbers("mean");
        float[] std = arguments.numbers("std");
        if (mean.length != std.length) {
            throw arguments.wrong("has " + mean.length + " means and " + std.length + " standard deviations");
        }
        for (float value : std) {
            if (!(value > 0)) {
                throw arguments.wrong("standard deviation " + value + " must be greater than 0");
            }
        }
        return new Normalize(mean, std);
    }

    @Override
    public Flow check(Flow input) {
        Images.require("normalize", input, List.of(DataType.UINT8, DataType.FP32));
        DeclaredShape shape = input.shape();
        if (shape.ranked()
                && mean.length > 1
                && !mayBe(shape.dims().get(0))
                && !mayBe(shape.dims().get(2))) {
            throw Images.misplaced("normalize", input, "has means for " + mean.length + " channels");
        }
        return new Flow(DataType.FP32, shape);
    }

    private boolean mayBe(Dimension dim) {
        return switch (dim) {
            case Dimension.Fixed fixed -> fixed.size() == mean.length;
            case Dimension.Dynamic _ -> true;
        };
    }

    @Override
    public TensorLease apply(TensorLease input, TensorPool pool) {
        Tensor image = input.tensor();
        Shape shape = image.shape();
        float[] values = Numbers.floats(image);
        if (mean.length == 1 || shape.dim(2) == mean.length) {
            for (int i = 0; i < values.length; i++) {
                int channel = i % mean.length;
                values[i] = (values[i] - mean[channel]) / std[channel];
            }
        } else if (shape.dim(0) == mean.length) {
            int plane = values.length / mean.length;
            for (int i = 0; i < values.length; i++) {
                values[i] = (values[i] - mean[i / plane]) / std[i / plane];
            }
        } else {
            throw Images.misplaced(
                    "normalize",
                    new Flow(image.dataType(), DeclaredShape.of(shape.toArray())),
                    "has means for " + mean.length + " channels");
        }
        return Images.floats(values, pool, shape);
    }
}
