package dev.slipway.protocols.openinference.grpc;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a {@code ModelInferRequest}, tensors still as ranges of its bytes.
 *
 * @param version digits, or empty for the model's choice
 * @param raw where each entry of {@code raw_input_contents} lies
 */
record InferMessage(
        String model,
        String version,
        String id,
        Map<String, Object> parameters,
        List<Input> inputs,
        List<Output> outputs,
        List<Range> raw) {

    /** Bytes {@code offset} to {@code offset + length} of the message. */
    record Range(int offset, int length) {}

    /** An {@code InferInputTensor}. */
    record Input(
            String name,
            String datatype,
            List<Long> shape,
            Map<String, Object> parameters,
            @Nullable Range contents) {}

    /** An {@code InferRequestedOutputTensor}. */
    record Output(String name, Map<String, Object> parameters) {}
}
