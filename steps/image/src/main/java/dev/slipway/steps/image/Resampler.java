package dev.slipway.steps.image;

import dev.slipway.core.DataType;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;

/** A way to make an image of another size. */
interface Resampler {

    /** The type of what comes out. */
    default DataType result() {
        return DataType.UINT8;
    }

    TensorLease resize(Pixels image, int height, int width, TensorPool pool);
}
