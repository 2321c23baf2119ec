package dev.slipway.core;

/**
 * Where the answers to one request go: any number of {@link #next}, then one {@link #complete} or {@link #fail}. Calls
 * come one after another, from any thread, and must not block.
 */
public interface ResponseSink {

    /** One answer; the sink takes it over and gives it back. */
    void next(InferenceResponse response);

    /** There are no more answers. */
    void complete();

    /** Nothing more comes, because of a failure. */
    void fail(Failure failure);
}
