package dev.slipway.protocols.openinference.grpc;

import dev.slipway.core.InferenceResponse;
import dev.slipway.core.TensorLease;
import dev.slipway.server.spi.GrpcExchange;
import org.jspecify.annotations.Nullable;

/** A call of the method {@code ModelInfer}: one request, one answer. */
final class InferCall {

    private final Inference inference;
    private final GrpcExchange call;

    InferCall(Inference inference, GrpcExchange call) {
        this.inference = inference;
        this.call = call;
    }

    void handle() {
        call.message().onSuccess(this::read);
    }

    private void read(TensorLease payload) {
        inference
                .message(payload)
                .compose(message -> inference.read(message, payload, call))
                .onComplete(_ -> payload.close())
                .onSuccess(this::infer)
                .onFailure(this::fail);
    }

    private void infer(InferExchange exchange) {
        inference
                .server()
                .infer(exchange.request())
                .whenComplete((response, error) -> call.later(() -> answer(exchange, response, error)));
    }

    private void answer(InferExchange exchange, @Nullable InferenceResponse response, @Nullable Throwable error) {
        if (response == null) {
            fail(error == null ? new IllegalStateException("no answer") : error);
            return;
        }
        inference
                .write(exchange, response, call)
                .onSuccess(answer -> {
                    call.write(answer.message(), answer.response()::close);
                    call.end();
                })
                .onFailure(this::fail);
    }

    private void fail(Throwable error) {
        call.fail(call.failure(error));
    }
}
