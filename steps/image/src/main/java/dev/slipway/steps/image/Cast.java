package dev.slipway.steps.image;

import dev.slipway.core.DataType;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Step;

/** The same numbers in another type: a fraction is cut off, what lies outside the range goes to its edge. */
record Cast(DataType to) implements Step {

    static Step of(Arguments arguments) {
        arguments.only(Arguments.VALUE);
        return new Cast(arguments.choice(Arguments.VALUE, Numbers.TYPES.toArray(DataType[]::new)));
    }

    @Override
    public Flow check(Flow input) {
        if (!Numbers.TYPES.contains(input.dataType())) {
            throw Images.misplaced("cast", input, "takes " + Numbers.TYPES);
        }
        return new Flow(to, input.shape());
    }

    @Override
    public TensorLease apply(TensorLease input, TensorPool pool) {
        Tensor from = input.tensor();
        if (from.dataType() == to) {
            return input.retain();
        }
        TensorLease lease = pool.allocate(to, from.shape());
        int elements = Math.toIntExact(from.shape().elements());
        for (int i = 0; i < elements; i++) {
            Numbers.write(lease.tensor(), i, Numbers.read(from, i));
        }
        return lease;
    }
}
