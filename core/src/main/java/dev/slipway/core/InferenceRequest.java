package dev.slipway.core;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for a model's answer, in the words of no protocol. Whoever takes it over gives its inputs back.
 *
 * @param id the caller's or a made-up identifier, echoed in the answer
 * @param inputs the tensors; that each name stands once is checked by whoever runs it
 * @param outputs the outputs wanted, in that order; empty: all
 * @param parameters what else the protocol brought along: strings, numbers, booleans
 * @param routingKey what sticky routing goes by, if anything
 */
public record InferenceRequest(
        ModelRef model,
        String id,
        List<NamedTensor> inputs,
        List<String> outputs,
        @Nullable Deadline deadline,
        Map<String, Object> parameters,
        @Nullable String routingKey,
        Cancellation cancellation)
        implements AutoCloseable {

    public InferenceRequest {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        parameters = Map.copyOf(parameters);
    }

    /** Gives all inputs back. */
    @Override
    public void close() {
        NamedTensor.closeAll(inputs);
    }
}
