package dev.slipway.protocols.openinference.grpc;

import dev.slipway.core.InferenceResponse;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.TensorLease;
import dev.slipway.protocols.openinference.Models;
import dev.slipway.server.spi.GrpcExchange;
import dev.slipway.server.spi.Mount;
import dev.slipway.serving.ModelServer;
import io.vertx.core.Future;
import java.lang.foreign.MemorySegment;

/** Messages in and messages out: small ones on the event loop, large ones beside it. */
final class Inference {

    /** Messages, and answers of which classes are made, from this many bytes on are read and written beside the event loop. */
    private static final long LARGE = 1 << 18;

    private final ModelServer server;
    private final Models models;

    Inference(Mount mount) {
        this.server = mount.deployments().server();
        this.models = new Models(server);
    }

    ModelServer server() {
        return server;
    }

    /** A message, its tensors only located. */
    Future<InferMessage> message(TensorLease payload) {
        try {
            return Future.succeededFuture(
                    InferMessageReader.read(payload.tensor().data()));
        } catch (RuntimeException | Error e) {
            return Future.failedFuture(e);
        }
    }

    /** What a message asks, its tensors read. */
    Future<InferExchange> read(InferMessage message, TensorLease payload, GrpcExchange call) {
        MemorySegment bytes = payload.tensor().data();
        return call.blocking(bytes.byteSize() >= LARGE, () -> InferExchange.of(message, bytes, call, models, server));
    }

    /** The message of an answer, which is taken over. */
    Future<InferMessageAnswer> write(InferExchange exchange, InferenceResponse response, GrpcExchange call) {
        call.answeredBy(response);
        return call.blocking(exchange.classifies() && bytes(response) >= LARGE, () -> exchange.write(response));
    }

    private static long bytes(InferenceResponse response) {
        long bytes = 0;
        for (NamedTensor output : response.outputs()) {
            bytes += output.tensor().data().byteSize();
        }
        return bytes;
    }
}
