package dev.slipway.engines.onnxruntime;

import dev.slipway.core.DataType;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of the signature, and what of the graph it is.
 *
 * @param keys the type of the keys when it is those of a map; null when it is the values
 */
record WantedOutput(
        String name, GraphOutput output, @Nullable DataType keys) {}
