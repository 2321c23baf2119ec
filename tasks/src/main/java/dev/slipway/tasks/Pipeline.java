package dev.slipway.tasks;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.StepSpec;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Step;
import java.util.ArrayList;
import java.util.List;

/** Steps in a row, each checked against what the one before gives. */
record Pipeline(List<Step> steps, Step.Flow result) {

    Pipeline {
        steps = List.copyOf(steps);
    }

    /**
     * Makes the steps and checks that each follows on the one before.
     *
     * @param what how failures call it: {@code input 'image'}
     */
    static Pipeline of(String what, Step.Flow input, List<StepSpec> specs, Steps known) {
        List<Step> steps = new ArrayList<>();
        Step.Flow flow = input;
        for (StepSpec spec : specs) {
            try {
                Step step = known.create(spec);
                flow = step.check(flow);
                steps.add(step);
            } catch (FailureException e) {
                throw new FailureException(
                        Failure.BadInput.of(what + ", step " + (steps.size() + 1) + " '" + spec.name() + "': "
                                + e.failure().detail()),
                        e);
            }
        }
        return new Pipeline(steps, flow);
    }

    /** The number of classes or values in one instance's result; -1 when the graph does not say. */
    long width() {
        List<Long> sizes = result.shape().sizes();
        return sizes.isEmpty() ? 1 : sizes.getLast();
    }

    /** The same steps for the instances of one request. */
    Pipeline forRequest() {
        return new Pipeline(steps.stream().map(Step::forRequest).toList(), result);
    }

    /** Does all steps on one instance, which stays the caller's. */
    TensorLease apply(TensorLease input, TensorPool pool) {
        TensorLease now = input.retain();
        for (Step step : steps) {
            try (TensorLease before = now) {
                now = step.apply(before, pool);
            }
        }
        return now;
    }
}
