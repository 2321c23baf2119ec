package dev.slipway.serving;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Signature;
import dev.slipway.core.TensorSpec;
import java.util.List;
import java.util.Optional;

/** What a manifest says of a model against what the engine has found in it. */
final class Contradiction {

    private Contradiction() {}

    /**
     * Lets a manifest pass whose outputs the engine knows, and whose required inputs it knows under the same types.
     *
     * @throws FailureException {@code BadInput} naming what differs
     */
    static void refuse(Signature manifest, Signature engine) {
        for (TensorSpec input : manifest.inputs()) {
            if (!input.optional()) {
                Optional<TensorSpec> found =
                        engine.input(input.name()).filter(known -> known.dataType() == input.dataType());
                refuse("input", input, found, engine.inputs());
            }
        }
        for (TensorSpec output : manifest.outputs()) {
            refuse("output", output, engine.output(output.name()), engine.outputs());
        }
    }

    private static void refuse(String side, TensorSpec said, Optional<TensorSpec> found, List<TensorSpec> all) {
        if (found.isEmpty()) {
            throw new FailureException(Failure.BadInput.of("the manifest has the " + side + " '" + said
                    + "', the engine found " + (all.isEmpty() ? "none" : all) + " in the model"));
        }
    }
}
