package dev.slipway.protocols.openinference.grpc;

import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ResponseSink;
import dev.slipway.protocols.openinference.grpc.InferExchange.Caller;
import dev.slipway.protocols.openinference.wire.V2;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.server.GrpcServerRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The method {@code ModelStreamInfer}: requests as they come, answers in the order of the requests. Everything here
 * happens on the call's event loop. At most {@value #WINDOW} requests are under way; then reading waits.
 */
final class InferStream {

    private static final int WINDOW = 64;

    private final Inference inference;
    private final GrpcServerRequest<Buffer, Buffer> call;
    private final Context context = GrpcV2.eventLoop();
    private final Caller caller;
    private final boolean statusErrors;
    private final Deque<Answers> underWay = new ArrayDeque<>();
    private boolean lastRead;
    private boolean ended;

    InferStream(Inference inference, GrpcServerRequest<Buffer, Buffer> call) {
        this.inference = inference;
        this.call = call;
        this.caller = Inference.caller(call);
        this.statusErrors = "true".equals(call.headers().get("triton_grpc_error"));
    }

    void start() {
        call.handler(this::request);
        call.endHandler(_ -> {
            lastRead = true;
            flush();
        });
        call.response().drainHandler(_ -> flush());
    }

    private void request(Buffer payload) {
        Answers answers = new Answers();
        underWay.add(answers);
        if (underWay.size() >= WINDOW) {
            call.pause();
        }
        inference
                .message(payload)
                .compose(message -> {
                    answers.id = message.id();
                    return inference.read(message, payload, caller);
                })
                .onSuccess(exchange -> {
                    answers.exchange = exchange;
                    inference.server().infer(exchange.request(), answers);
                })
                .onFailure(error -> answers.failed(GrpcV2.failure("ModelStreamInfer", error)));
    }

    private void flush() {
        while (!ended && !caller.cancellation().cancelled() && !call.response().writeQueueFull()) {
            Answers first = underWay.peek();
            if (first == null) {
                if (lastRead) {
                    ended = true;
                    call.response().end();
                }
                return;
            }
            Future<Buffer> message = first.messages.peek();
            if (message != null) {
                if (!message.isComplete()) {
                    return;
                }
                first.messages.remove();
                if (message.succeeded()) {
                    call.response().write(message.result());
                } else {
                    first.failed(GrpcV2.failure("ModelStreamInfer", message.cause()));
                }
            } else if (first.failure != null && statusErrors) {
                end(first.failure);
            } else if (first.done) {
                underWay.remove();
                if (underWay.size() < WINDOW) {
                    call.resume();
                }
            } else {
                return;
            }
        }
    }

    private void end(Failure failure) {
        ended = true;
        caller.cancellation().cancel(new Failure.Cancelled("the stream has ended with an error"));
        GrpcV2.fail(call, failure);
    }

    /** The answers to one request, waiting for their turn. */
    private final class Answers implements ResponseSink {

        private final Deque<Future<Buffer>> messages = new ArrayDeque<>(1);
        private String id = "";
        private @Nullable InferExchange exchange;
        private @Nullable Failure failure;
        private boolean done;

        @Override
        public void next(InferenceResponse response) {
            context.runOnContext(_ -> {
                Future<Buffer> message =
                        inference.write(exchange(), response).map(written -> InferMessageWriter.stream(written, ""));
                messages.add(message);
                message.onComplete(_ -> flush());
            });
        }

        @Override
        public void complete() {
            context.runOnContext(_ -> {
                if (exchange().wantsFinal()) {
                    add(finalResponse(), "");
                }
                done = true;
                flush();
            });
        }

        @Override
        public void fail(Failure why) {
            context.runOnContext(_ -> {
                failed(why);
                flush();
            });
        }

        private InferExchange exchange() {
            if (exchange == null) {
                throw new IllegalStateException("an answer came before the request was read");
            }
            return exchange;
        }

        private void failed(Failure why) {
            failure = why;
            done = true;
            if (!statusErrors) {
                add(
                        Buffer.buffer(V2.ModelInferResponse.newBuilder()
                                .setId(id)
                                .build()
                                .toByteArray()),
                        why.detail());
            }
            context.runOnContext(_ -> flush());
        }

        private Buffer finalResponse() {
            return Buffer.buffer(V2.ModelInferResponse.newBuilder()
                    .setModelName(exchange().request().model().model().toString())
                    .setId(id)
                    .putParameters(
                            "triton_final_response",
                            V2.InferParameter.newBuilder().setBoolParam(true).build())
                    .build()
                    .toByteArray());
        }

        /** Wraps an answer in a {@code ModelStreamInferResponse}. */
        private void add(Buffer response, String error) {
            messages.add(Future.succeededFuture(InferMessageWriter.stream(response, error)));
        }
    }
}
