package dev.slipway.core;

import java.util.List;
import java.util.Map;

/**
 * One answer of a model. Whoever gets it gives its outputs back, after the last byte is written.
 *
 * @param version the version that answered
 * @param outputs the tensors, in the order asked for
 * @param timing where the time went
 */
public record InferenceResponse(
        ModelName model,
        long version,
        String id,
        List<NamedTensor> outputs,
        Map<String, Object> parameters,
        Timing timing)
        implements AutoCloseable {

    /** Nanoseconds spent waiting for a free instance and in the engine, and the rows of the run this was part of. */
    public record Timing(long queueNanos, long computeNanos, long batchRows) {}

    public InferenceResponse {
        outputs = List.copyOf(outputs);
        parameters = Map.copyOf(parameters);
    }

    /** Gives all outputs back. */
    @Override
    public void close() {
        NamedTensor.closeAll(outputs);
    }
}
