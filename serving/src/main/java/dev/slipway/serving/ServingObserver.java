package dev.slipway.serving;

import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelName;

/** Is told what happens, on the thread where it happens; must be quick and must not throw. */
public interface ServingObserver {

    ServingObserver NONE = new ServingObserver() {};

    default void answered(ModelName model, long version, InferenceResponse.Timing timing, long totalNanos) {}

    default void failed(ModelName model, long version, Failure failure) {}

    default void refused(ModelName model, Failure failure) {}

    default void ran(ModelName model, long version, long rows, long computeNanos) {}

    /** A request was looked up among the answers that are kept; a hit is one that needed no run of its own. */
    default void cached(ModelName model, long version, boolean hit) {}

    default void loaded(ModelName model, long version, long nanos) {}

    default void unloaded(ModelName model, long version) {}

    /** A version is neither published nor in memory any more, and is not heard of again. */
    default void removed(ModelName model, long version) {}
}
