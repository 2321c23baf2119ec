package dev.slipway.protocols.openinference.grpc;

import dev.slipway.core.InferenceResponse;
import dev.slipway.protocols.openinference.grpc.InferExchange.Caller;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.server.GrpcServerRequest;
import org.jspecify.annotations.Nullable;

/** A call of the method {@code ModelInfer}: one request, one answer. */
final class InferCall {

    private final Inference inference;
    private final GrpcServerRequest<Buffer, Buffer> call;
    private final Caller caller;

    InferCall(Inference inference, GrpcServerRequest<Buffer, Buffer> call) {
        this.inference = inference;
        this.call = call;
        this.caller = Inference.caller(call);
    }

    void handle() {
        GrpcV2.message(call)
                .compose(payload ->
                        inference.message(payload).compose(message -> inference.read(message, payload, caller)))
                .onSuccess(this::infer)
                .onFailure(this::fail);
    }

    private void infer(InferExchange exchange) {
        Context context = GrpcV2.eventLoop();
        inference
                .server()
                .infer(exchange.request())
                .whenComplete((response, error) -> context.runOnContext(_ -> answer(exchange, response, error)));
    }

    private void answer(InferExchange exchange, @Nullable InferenceResponse response, @Nullable Throwable error) {
        if (response == null) {
            fail(error == null ? new IllegalStateException("no answer") : error);
            return;
        }
        inference
                .write(exchange, response)
                .onSuccess(message -> {
                    if (!clientHasGone()) {
                        call.response().end(message);
                    }
                })
                .onFailure(this::fail);
    }

    private void fail(Throwable error) {
        if (!clientHasGone()) {
            GrpcV2.fail(call, GrpcV2.failure("ModelInfer", error));
        }
    }

    private boolean clientHasGone() {
        return caller.cancellation().cancelled();
    }
}
