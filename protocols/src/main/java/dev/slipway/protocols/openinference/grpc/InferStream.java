package dev.slipway.protocols.openinference.grpc;

import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ResponseSink;
import dev.slipway.core.TensorLease;
import dev.slipway.protocols.openinference.wire.V2;
import dev.slipway.server.spi.GrpcExchange;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The method {@code ModelStreamInfer}: requests as they come, answers in the order of the requests. Everything here
 * happens on the call's event loop. At most {@value #WINDOW} requests are under way; then reading waits. An answer stays
 * in pool memory until it is its turn and the client takes it.
 */
final class InferStream {

    private static final int WINDOW = 64;

    private final Inference inference;
    private final GrpcExchange call;
    private final boolean statusErrors;
    private final Deque<Answers> underWay = new ArrayDeque<>();
    private boolean lastRead;
    private boolean writing;

    InferStream(Inference inference, GrpcExchange call) {
        this.inference = inference;
        this.call = call;
        this.statusErrors = "true".equals(call.header("triton_grpc_error"));
    }

    void start() {
        call.cancellation().onCancel(() -> underWay.forEach(Answers::giveBack));
        call.onRoom(this::flush);
        call.messages(this::request, () -> {
            lastRead = true;
            flush();
        });
    }

    private void request(TensorLease payload) {
        Answers answers = new Answers();
        underWay.add(answers);
        if (underWay.size() >= WINDOW) {
            call.pause();
        }
        inference
                .message(payload)
                .compose(message -> {
                    answers.id = message.id();
                    return inference.read(message, payload, call);
                })
                .onComplete(_ -> payload.close())
                .onSuccess(exchange -> {
                    answers.exchange = exchange;
                    inference.server().infer(exchange.request(), answers);
                })
                .onFailure(error -> {
                    answers.failed(error);
                    call.later(this::flush);
                });
    }

    private void flush() {
        while (!writing && !call.over() && !call.full()) {
            Answers first = underWay.peek();
            if (first == null) {
                if (lastRead) {
                    call.end();
                }
                return;
            }
            InferenceResponse response = first.responses.poll();
            if (response != null) {
                Future<InferMessageAnswer> message = inference.write(first.exchange(), response, call);
                writing = !message.isComplete();
                if (writing) {
                    message.onComplete(result -> {
                        writing = false;
                        written(first, result);
                        flush();
                    });
                    return;
                }
                written(first, message);
            } else if (first.failure != null && statusErrors) {
                end(first.failure);
            } else if (first.done) {
                first.last();
                underWay.remove();
                if (underWay.size() < WINDOW) {
                    call.resume();
                }
            } else {
                return;
            }
        }
    }

    private void written(Answers answers, AsyncResult<InferMessageAnswer> message) {
        if (message.succeeded()) {
            InferMessageAnswer answer = message.result();
            call.write(InferMessageWriter.stream(answer.message(), ""), answer.response()::close);
        } else {
            answers.giveBack();
            answers.failed(message.cause());
        }
    }

    private void end(Failure failure) {
        call.cancellation().cancel(new Failure.Cancelled("the stream has ended with an error"));
        call.fail(failure);
    }

    /** The answers to one request, waiting for their turn. */
    private final class Answers implements ResponseSink {

        private final Deque<InferenceResponse> responses = new ArrayDeque<>(1);
        private String id = "";
        private @Nullable InferExchange exchange;
        private @Nullable Failure failure;
        private boolean done;

        @Override
        public void next(InferenceResponse response) {
            call.later(() -> {
                if (call.over() || call.cancellation().cancelled()) {
                    response.close();
                    return;
                }
                responses.add(response);
                flush();
            });
        }

        @Override
        public void complete() {
            call.later(() -> {
                done = true;
                flush();
            });
        }

        @Override
        public void fail(Failure why) {
            call.later(() -> {
                failure = why;
                done = true;
                flush();
            });
        }

        private InferExchange exchange() {
            if (exchange == null) {
                throw new IllegalStateException("an answer came before the request was read");
            }
            return exchange;
        }

        private void failed(Throwable error) {
            failure = call.failure(error);
            done = true;
        }

        /** What the client gets when there are no more answers. */
        private void last() {
            if (failure != null) {
                V2.ModelInferResponse response =
                        V2.ModelInferResponse.newBuilder().setId(id).build();
                call.write(InferMessageWriter.stream(Buffer.buffer(response.toByteArray()), failure.detail()));
            } else if (exchange().wantsFinal()) {
                call.write(InferMessageWriter.stream(finalResponse(), ""));
            }
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

        private void giveBack() {
            responses.forEach(InferenceResponse::close);
            responses.clear();
        }
    }
}
