package dev.slipway.server.spi;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Deadline;
import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.TensorLease;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcStatus;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One gRPC call and its answers, on its event loop. What is answered after it has ended is dropped. */
public interface GrpcExchange extends Beside {

    @Nullable
    String header(String name);

    /** Who calls, for the history. */
    String principal();

    /** {@code grpc-timeout}, if given. The call ends with its status when it passes. */
    @Nullable
    Deadline deadline();

    /** Raised when the call ends before its answer has: the client cancels, has gone, or waits no longer. */
    Cancellation cancellation();

    /**
     * The message of a call that brings one, when the client has said all: decompressed, in pool memory as UINT8[n], one
     * claim of which is the caller's. Limited, and counted against the bytes in flight until it is given back.
     */
    Future<TensorLease> message();

    /**
     * The messages of a call that brings many, each as {@link #message} has it.
     *
     * @param end runs when the client has said all
     */
    void messages(Consumer<TensorLease> each, Runnable end);

    /** Reads no more messages for now: the client is made to wait. */
    void pause();

    /** Reads on. */
    void resume();

    /** Runs on the event loop, later. May be called from any thread. */
    void later(Runnable work);

    /** Whether it has ended, or its answer has. */
    boolean over();

    /** Whether the client takes no more for now. */
    boolean full();

    /** Runs each time that the client takes more again. */
    void onRoom(Runnable work);

    /** Answers with a message. */
    default void write(Buffer message) {
        write(message, () -> {});
    }

    /** Tells in metrics and in the log which version answers, the last of several, and where the time went. */
    void answeredBy(InferenceResponse response);

    /**
     * Answers with a message, which must stay as it is until {@code afterwards} runs: once, when its last byte is written
     * or nobody takes it any more.
     */
    void write(Buffer message, Runnable afterwards);

    /** Ends the answer well. */
    void end();

    /** What the client is told of an error; one that nobody expected is logged, with this call. */
    Failure failure(Throwable error);

    /** Ends the answer with a status of its protocol, and what people are told. */
    void end(GrpcStatus status, @Nullable String detail);

    /** Ends the answer with the status of a failure. */
    void fail(Failure failure);
}
