package dev.slipway.server.spi;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Deadline;
import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.TensorLease;
import dev.slipway.json.JsonWriter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One HTTP request and its answer, on its event loop. */
public interface Exchange extends Beside {

    HttpServerRequest request();

    /** A segment of the path that the route names, percent-decoded. */
    String path(String name);

    /** The same, where the route has a segment of that name; empty where it has not, or where there is no route. */
    Optional<String> named(String name);

    @Nullable
    String query(String name);

    @Nullable
    String header(String name);

    /** {@code X-Request-Id} as given, if it is well-formed, else made. */
    String requestId();

    /** Who calls, for the history. */
    String principal();

    /** {@code X-Slipway-Deadline-Ms}, if given. */
    @Nullable
    Deadline deadline();

    /** Raised when the client has gone. */
    Cancellation cancellation();

    /**
     * The whole body, decompressed, in pool memory as UINT8[n], one claim of which is the caller's. Limited, counted
     * against the budget of bytes in flight as it comes, and refused from its headers where they say enough.
     */
    default Future<TensorLease> body() {
        return body(0);
    }

    /**
     * The same, placed so that the byte at {@code aligned} lies on a 64-byte boundary: tensors that begin there can be
     * read where they are.
     */
    Future<TensorLease> body(long aligned);

    /** Writes the body to a file while it comes, under the limit for uploads; the file is the caller's to delete. */
    default Future<Path> upload() {
        return upload(0);
    }

    /** The same for a part of a file of {@code whole} bytes, which the limit holds for, too. */
    Future<Path> upload(long whole);

    /** Comes back to the event loop with the stage's outcome; failures are answered in the dialect's form. */
    <T> void await(CompletionStage<T> stage, Consumer<T> then);

    /** The same for a future. */
    <T> void await(Future<T> future, Consumer<T> then);

    /** Tells in the answer's headers, in metrics and in the log which version answers, and where the time went. */
    void answeredBy(InferenceResponse response);

    /**
     * A writer of the answer's JSON, the only one of its answer: limited, and its memory counted until the answer is
     * written. What it writes may be written beside the event loop.
     */
    JsonWriter writer();

    /** Adds a header to the answer. */
    void responseHeader(String name, String value);

    /** Answers, compressed as the client accepts. {@code afterwards} runs once when the last byte is written or the client has gone. */
    void respond(int status, String contentType, Buffer body, Runnable afterwards);

    default void respond(int status, String contentType, Buffer body) {
        respond(status, contentType, body, () -> {});
    }

    default void json(int status, String json) {
        respond(status, "application/json", Buffer.buffer(json));
    }

    /** Answers in the dialect's form of a failure; does nothing when already answered. */
    void fail(Failure failure);
}
