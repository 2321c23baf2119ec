package dev.slipway.protocols.openinference;

import dev.slipway.core.InferenceRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as V2 brings it.
 *
 * @param id the caller's, if given
 * @param outputs what is wanted, in that order; empty: everything
 * @param binaryByDefault how outputs go that are not named
 */
record InferCall(InferenceRequest request, @Nullable String id, List<OutputWish> outputs, boolean binaryByDefault) {

    OutputWish wish(String output) {
        for (OutputWish wish : outputs) {
            if (wish.name().equals(output)) {
                return wish;
            }
        }
        return new OutputWish(output, binaryByDefault, 0);
    }
}
