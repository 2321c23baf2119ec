package dev.slipway.protocols.openinference.grpc;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Deadline;
import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.serving.ModelServer;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.server.GrpcServerRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The method {@code ModelInfer}: one request, one answer. */
final class InferCall {

    private final ModelServer server;

    InferCall(ModelServer server) {
        this.server = server;
    }

    void handle(GrpcServerRequest<Buffer, Buffer> call) {
        Cancellation cancellation = cancellation(call);
        call.last().onSuccess(message -> infer(call, message, cancellation));
    }

    /** Raised when the client cancels or has gone. */
    static Cancellation cancellation(GrpcServerRequest<Buffer, Buffer> call) {
        Cancellation cancellation = new Cancellation();
        call.errorHandler(_ -> cancellation.cancel(new Failure.Cancelled("the client cancelled the call")));
        call.exceptionHandler(_ -> cancellation.cancel(new Failure.Cancelled("the client has gone")));
        return cancellation;
    }

    static @Nullable Deadline deadline(GrpcServerRequest<Buffer, Buffer> call) {
        return call.timeout() > 0 ? Deadline.after(Duration.ofMillis(call.timeout())) : null;
    }

    private void infer(GrpcServerRequest<Buffer, Buffer> call, Buffer message, Cancellation cancellation) {
        Context context = GrpcV2.eventLoop();
        InferExchange exchange;
        try {
            exchange = InferExchange.read(message, deadline(call), cancellation, server);
        } catch (RuntimeException e) {
            GrpcV2.fail(call, GrpcV2.failure("ModelInfer", e));
            return;
        }
        server.infer(exchange.request())
                .whenComplete((response, error) -> context.runOnContext(_ -> answer(call, exchange, response, error)));
    }

    private void answer(
            GrpcServerRequest<Buffer, Buffer> call,
            InferExchange exchange,
            @Nullable InferenceResponse response,
            @Nullable Throwable error) {
        if (response == null) {
            GrpcV2.fail(
                    call, GrpcV2.failure("ModelInfer", error == null ? new IllegalStateException("no answer") : error));
            return;
        }
        try {
            call.response().end(exchange.write(response));
        } catch (RuntimeException e) {
            GrpcV2.fail(call, GrpcV2.failure("ModelInfer", e));
        }
    }
}
