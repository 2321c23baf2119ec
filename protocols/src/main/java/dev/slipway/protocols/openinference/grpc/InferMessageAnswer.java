package dev.slipway.protocols.openinference.grpc;

import dev.slipway.core.InferenceResponse;
import io.vertx.core.buffer.Buffer;

/**
 * An answer on its way: its message, and the response in whose memory large tensors of the message lie.
 *
 * @param response is given back when the message is written
 */
record InferMessageAnswer(Buffer message, InferenceResponse response) {

    /** Writes an answer; takes the response over, also when this fails. */
    static InferMessageAnswer of(InferenceResponse response) {
        try {
            return new InferMessageAnswer(InferMessageWriter.write(response), response);
        } catch (RuntimeException | Error e) {
            response.close();
            throw e;
        }
    }
}
