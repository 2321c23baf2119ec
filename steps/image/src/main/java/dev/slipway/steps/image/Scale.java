package dev.slipway.steps.image;

import dev.slipway.core.DataType;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Step;

/** Every element times a factor, as 32-bit floats. */
record Scale(float factor) implements Step {

    static Step of(Arguments arguments) {
        arguments.only(Arguments.VALUE);
        return new Scale((float) arguments.number(Arguments.VALUE));
    }

    @Override
    public Flow check(Flow input) {
        if (!Numbers.TYPES.contains(input.dataType())) {
            throw Images.misplaced("scale", input, "takes " + Numbers.TYPES);
        }
        return new Flow(DataType.FP32, input.shape());
    }

    @Override
    public TensorLease apply(TensorLease input, TensorPool pool) {
        float[] values = Numbers.floats(input.tensor());
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        return Images.floats(values, pool, input.tensor().shape());
    }
}
