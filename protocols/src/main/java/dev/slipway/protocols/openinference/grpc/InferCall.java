package dev.slipway.protocols.openinference.grpc;

import dev.slipway.core.InferenceResponse;
import dev.slipway.protocols.openinference.grpc.InferExchange.Caller;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.server.GrpcServerRequest;
import org.jspecify.annotations.Nullable;

/** The method {@code ModelInfer}: one request, one answer. */
final class InferCall {

    private final Inference inference;

    InferCall(Inference inference) {
        this.inference = inference;
    }

    void handle(GrpcServerRequest<Buffer, Buffer> call) {
        Caller caller = Inference.caller(call);
        call.last()
                .onSuccess(payload -> inference
                        .message(payload)
                        .compose(message -> inference.read(message, payload, caller))
                        .onSuccess(exchange -> infer(call, exchange))
                        .onFailure(error -> fail(call, error)));
    }

    private void infer(GrpcServerRequest<Buffer, Buffer> call, InferExchange exchange) {
        Context context = GrpcV2.eventLoop();
        inference
                .server()
                .infer(exchange.request())
                .whenComplete((response, error) -> context.runOnContext(_ -> answer(call, exchange, response, error)));
    }

    private void answer(
            GrpcServerRequest<Buffer, Buffer> call,
            InferExchange exchange,
            @Nullable InferenceResponse response,
            @Nullable Throwable error) {
        if (response == null) {
            fail(call, error == null ? new IllegalStateException("no answer") : error);
            return;
        }
        inference
                .write(exchange, response)
                .onSuccess(message -> call.response().end(message))
                .onFailure(why -> fail(call, why));
    }

    private static void fail(GrpcServerRequest<Buffer, Buffer> call, Throwable error) {
        GrpcV2.fail(call, GrpcV2.failure("ModelInfer", error));
    }
}
