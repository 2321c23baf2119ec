package dev.slipway.protocols.openinference.grpc;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Deadline;
import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.NamedTensor;
import dev.slipway.protocols.openinference.Models;
import dev.slipway.protocols.openinference.grpc.InferExchange.Caller;
import dev.slipway.server.spi.Mount;
import dev.slipway.serving.ModelServer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.server.GrpcServerRequest;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Messages in and messages out: small ones on the event loop, large ones beside it. */
final class Inference {

    /** Messages and answers from this many bytes on are read and written beside the event loop. */
    private static final long LARGE = 1 << 18;

    private final Mount mount;
    private final ModelServer server;
    private final Models models;

    Inference(Mount mount) {
        this.mount = mount;
        this.server = mount.deployments().server();
        this.models = new Models(server);
    }

    ModelServer server() {
        return server;
    }

    /** Who calls; its cancellation is raised when the client cancels or has gone. */
    static Caller caller(GrpcServerRequest<Buffer, Buffer> call) {
        Cancellation cancellation = new Cancellation();
        call.errorHandler(_ -> cancellation.cancel(new Failure.Cancelled("the client cancelled the call")));
        call.exceptionHandler(_ -> cancellation.cancel(new Failure.Cancelled("the client has gone")));
        return new Caller(
                call.timeout() > 0 ? Deadline.after(Duration.ofMillis(call.timeout())) : null,
                call.headers().get("x-slipway-key"),
                cancellation);
    }

    /** A message, its tensors only located. */
    Future<InferMessage> message(Buffer payload) {
        return work(0, () -> InferMessageReader.read(InferExchange.bytes(payload)));
    }

    /** What a message asks, its tensors read. */
    Future<InferExchange> read(InferMessage message, Buffer payload, Caller caller) {
        return work(
                payload.length(),
                () -> InferExchange.of(message, InferExchange.bytes(payload), caller, models, server.pool()));
    }

    /** The message of an answer, which is given back. */
    Future<Buffer> write(InferExchange exchange, InferenceResponse response) {
        long bytes = 0;
        for (NamedTensor output : response.outputs()) {
            bytes += output.tensor().data().byteSize();
        }
        return work(bytes, () -> exchange.write(response));
    }

    private <T> Future<T> work(long bytes, Callable<T> work) {
        if (bytes >= LARGE) {
            return mount.blocking(work);
        }
        try {
            return Future.succeededFuture(work.call());
        } catch (Throwable e) {
            return Future.failedFuture(e);
        }
    }
}
