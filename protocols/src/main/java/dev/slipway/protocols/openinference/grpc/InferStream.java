package dev.slipway.protocols.openinference.grpc;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Deadline;
import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ResponseSink;
import dev.slipway.protocols.openinference.wire.V2;
import dev.slipway.serving.ModelServer;
import io.vertx.core.Context;
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

    private final ModelServer server;
    private final GrpcServerRequest<Buffer, Buffer> call;
    private final Context context = GrpcV2.eventLoop();
    private final Cancellation cancellation;
    private final @Nullable Deadline deadline;
    private final boolean statusErrors;
    private final Deque<Answers> underWay = new ArrayDeque<>();
    private boolean lastRead;
    private boolean ended;

    InferStream(ModelServer server, GrpcServerRequest<Buffer, Buffer> call) {
        this.server = server;
        this.call = call;
        this.cancellation = InferCall.cancellation(call);
        this.deadline = InferCall.deadline(call);
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

    private void request(Buffer message) {
        Answers answers = new Answers();
        underWay.add(answers);
        if (underWay.size() >= WINDOW) {
            call.pause();
        }
        try {
            InferExchange exchange = InferExchange.read(message, deadline, cancellation, server);
            answers.exchange = exchange;
            server.infer(exchange.request(), answers);
        } catch (RuntimeException e) {
            answers.failed(GrpcV2.failure("ModelStreamInfer", e));
        }
    }

    private void flush() {
        while (!ended && !cancellation.cancelled() && !call.response().writeQueueFull()) {
            Answers first = underWay.peek();
            if (first == null) {
                if (lastRead) {
                    ended = true;
                    call.response().end();
                }
                return;
            }
            Buffer message = first.messages.poll();
            if (message != null) {
                call.response().write(message);
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
        cancellation.cancel(new Failure.Cancelled("the stream has ended with an error"));
        GrpcV2.fail(call, failure);
    }

    /** The answers to one request, waiting for their turn. */
    private final class Answers implements ResponseSink {

        private final Deque<Buffer> messages = new ArrayDeque<>(1);
        private @Nullable InferExchange exchange;
        private @Nullable Failure failure;
        private boolean done;

        @Override
        public void next(InferenceResponse response) {
            context.runOnContext(_ -> {
                try {
                    add(exchange().write(response), "");
                } catch (RuntimeException e) {
                    failed(GrpcV2.failure("ModelStreamInfer", e));
                }
                flush();
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
                                .setId(exchange == null ? "" : exchange.id())
                                .build()
                                .toByteArray()),
                        why.detail());
            }
            context.runOnContext(_ -> flush());
        }

        private Buffer finalResponse() {
            return Buffer.buffer(V2.ModelInferResponse.newBuilder()
                    .setModelName(exchange().request().model().model().name())
                    .setId(exchange().id())
                    .putParameters(
                            "triton_final_response",
                            V2.InferParameter.newBuilder().setBoolParam(true).build())
                    .build()
                    .toByteArray());
        }

        /** Wraps an answer in a {@code ModelStreamInferResponse}. */
        private void add(Buffer response, String error) {
            messages.add(InferMessageWriter.stream(response, error));
        }
    }
}
