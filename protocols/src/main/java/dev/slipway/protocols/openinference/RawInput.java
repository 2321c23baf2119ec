package dev.slipway.protocols.openinference;

import dev.slipway.core.DataType;
import dev.slipway.core.Dimension;
import dev.slipway.core.Quoted;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorSpec;
import java.util.List;

/**
 * The only input of a model, where a body is nothing but its bytes: one row of it.
 *
 * @param shape deduced from the number of bytes
 */
record RawInput(TensorSpec spec, Shape shape) {

    /**
     * What {@code bytes} bytes are.
     *
     * @throws dev.slipway.core.FailureException {@code BadInput} where that cannot be told
     */
    static RawInput of(InputCheck check, long bytes) {
        List<TensorSpec> specs = check.signature().inputs();
        if (specs.size() != 1) {
            throw check.refused("Raw request must only have 1 input (found 1) to be deduced but got " + specs.size()
                    + " inputs in " + Quoted.of(check.model()) + " model configuration");
        }
        TensorSpec spec = specs.getFirst();
        return new RawInput(spec, shape(check, spec, bytes));
    }

    private static Shape shape(InputCheck check, TensorSpec spec, long bytes) {
        List<Dimension> dims = spec.shape().dims();
        long[] sizes = new long[dims.size()];
        long known = 1;
        int free = -1;
        for (int i = 0; i < sizes.length; i++) {
            if (dims.get(i) instanceof Dimension.Fixed(long size)) {
                sizes[i] = size;
            } else if (i == 0 && check.batches()) {
                sizes[i] = 1;
            } else if (free < 0) {
                free = i;
                continue;
            } else {
                throw check.refused("The shape of the raw input '" + spec.name()
                        + "' can not be deduced because there are more than one variable-sized dimension");
            }
            known *= sizes[i];
        }
        if (spec.dataType() == DataType.BYTES) {
            if (free >= 0 || known != 1) {
                throw check.refused(
                        "For BYTE datatype raw input '" + spec.name() + "', the model must have input shape [1]");
            }
        } else if (free >= 0) {
            long row = known * spec.dataType().bytes();
            sizes[free] = row == 0 ? 0 : bytes / row;
        }
        return Shape.of(sizes);
    }
}
