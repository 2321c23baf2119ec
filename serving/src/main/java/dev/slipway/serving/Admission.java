package dev.slipway.serving;

import dev.slipway.core.InferenceRequest;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Tensor;
import java.util.List;

/**
 * A request found fit for a version.
 *
 * @param inputs its inputs in the order of the signature
 * @param outputs the outputs wanted
 * @param rows how many inferences it counts as
 * @param shareable whether its rows may be run together with another's
 * @param arrived when it came, on the timer's scale
 * @param deadline when nobody waits for the answer any more
 * @param priority the level that it waits in, 0 being the highest
 * @param shadow whether it is a copy whose answer is thrown away
 */
record Admission(
        InferenceRequest request,
        List<NamedTensor> inputs,
        List<String> outputs,
        long rows,
        boolean shareable,
        long arrived,
        long deadline,
        int priority,
        boolean shadow) {

    /** Whether the two may share a run: the same inputs, types, trailing shapes and outputs. */
    boolean fits(Admission other) {
        if (!shareable || !other.shareable || inputs.size() != other.inputs.size() || !outputs.equals(other.outputs)) {
            return false;
        }
        for (int i = 0; i < inputs.size(); i++) {
            Tensor mine = inputs.get(i).tensor();
            Tensor theirs = other.inputs.get(i).tensor();
            if (!inputs.get(i).name().equals(other.inputs.get(i).name())
                    || mine.dataType() != theirs.dataType()
                    || !mine.shape().sameRow(theirs.shape())) {
                return false;
            }
        }
        return true;
    }
}
