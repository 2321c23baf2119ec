package dev.slipway.server;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Deadline;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.TensorLease;
import dev.slipway.server.spi.Dialect;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.Problem;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An exchange over Vert.x. Everything happens on its event loop. */
final class HttpExchange implements Exchange {

    private static final int CLIENT_CLOSED_REQUEST = 499;
    private static final long HTTP2_CANCEL = 8;
    private static final long DISCARD_MILLIS = 2000;

    private final Loop loop;
    private final Shared shared;
    private final Connection connection;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final @Nullable Route route;
    private final Dialect dialect;
    private final List<String> values;
    private final String requestId;
    private final long started;
    private final Context context;
    private final Cancellation cancellation = new Cancellation();
    private String principal = "anonymous";
    private String model = "";
    private String version = "";
    private @Nullable Incoming incoming;
    private @Nullable Outgoing outgoing;
    private boolean paused;
    private boolean answered;
    private boolean ended;
    private boolean closeAfter;
    private boolean discarding;

    HttpExchange(
            Loop loop,
            Shared shared,
            Connection connection,
            HttpServerRequest request,
            @Nullable Route route,
            Dialect dialect,
            List<String> values,
            String requestId,
            long started) {
        this.loop = loop;
        this.shared = shared;
        this.connection = connection;
        this.request = request;
        this.response = request.response();
        this.route = route;
        this.dialect = dialect;
        this.values = values;
        this.requestId = requestId;
        this.started = started;
        Context current = Vertx.currentContext();
        if (current == null) {
            throw new IllegalStateException("an exchange begins on an event loop");
        }
        this.context = current;
    }

    void begin() {
        response.exceptionHandler(_ -> gone());
        response.closeHandler(_ -> gone());
    }

    void run(Route route, String principal) {
        this.principal = principal;
        try {
            route.handler().handle(this);
        } catch (Exception e) {
            fail(e);
        }
        if (incoming == null && !answered && mayHaveBody()) {
            paused = true;
            request.pause();
        }
    }

    /** The client has gone before the whole answer had. */
    private void gone() {
        if (ended) {
            return;
        }
        Incoming body = incoming;
        if (body != null) {
            body.cancel(new FailureException(new Failure.Cancelled("the client closed the connection")));
        }
        cancellation.cancel(new Failure.Cancelled("the client closed the connection"));
        Outgoing answer = outgoing;
        if (answer != null) {
            answer.over();
        }
        end(CLIENT_CLOSED_REQUEST);
    }

    private void end(int status) {
        if (ended) {
            return;
        }
        ended = true;
        loop.ended(this);
        long now = System.nanoTime();
        connection.end(now);
        shared.metrics().request(model, version, route == null ? "none" : route.path(), status, now - started);
        shared.log().answered(request.method().name(), path(), status, now - started, requestId, principal);
    }

    /** Ends what takes too long. */
    void sweep(long now) {
        Incoming body = incoming;
        if (outgoing != null && outgoing.stalled(now)) {
            shared.metrics().rejected("deadline");
            cut();
        } else if (body != null && !answered && body.late(now)) {
            Refusal late = new Refusal(408, "the request's body did not come in time");
            body.cancel(late);
        }
    }

    @Override
    public HttpServerRequest request() {
        return request;
    }

    @Override
    public String path(String name) {
        if (route == null) {
            throw new IllegalStateException("no route");
        }
        return Routes.decode(values.get(route.parameter(name)));
    }

    @Override
    public @Nullable String query(String name) {
        String query = request.query();
        return query == null ? null : request.getParam(name);
    }

    @Override
    public @Nullable String header(String name) {
        return request.getHeader(name);
    }

    @Override
    public String requestId() {
        return requestId;
    }

    @Override
    public String principal() {
        return principal;
    }

    @Override
    public @Nullable Deadline deadline() {
        String millis = request.getHeader("X-Slipway-Deadline-Ms");
        if (millis == null) {
            return null;
        }
        try {
            long value = Long.parseLong(millis.strip());
            if (value >= 0 && value <= Duration.ofDays(1).toMillis()) {
                return Deadline.after(Duration.ofMillis(value));
            }
        } catch (NumberFormatException e) {
            throw badDeadline(millis);
        }
        throw badDeadline(millis);
    }

    private String path() {
        String path = request.path();
        return path == null ? "" : path;
    }

    private static FailureException badDeadline(String given) {
        return new FailureException(Failure.BadInput.of(
                "header X-Slipway-Deadline-Ms: '" + given + "' must be whole milliseconds, at most a day"));
    }

    @Override
    public Cancellation cancellation() {
        return cancellation;
    }

    /** The length that the headers declare; -1 when they do not say, 0 when there is no body. */
    private long declaredLength() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            try {
                return Long.parseLong(length);
            } catch (NumberFormatException e) {
                throw new Refusal(400, "content-length '" + length + "' is not a number");
            }
        }
        boolean chunked = request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
        return chunked || request.version() == HttpVersion.HTTP_2 ? -1 : 0;
    }

    private boolean mayHaveBody() {
        return !request.isEnded()
                && (request.version() != HttpVersion.HTTP_2
                        ? declaredLength() != 0
                        : !request.method().equals(HttpMethod.GET)
                                && !request.method().equals(HttpMethod.HEAD));
    }

    @Override
    public Future<TensorLease> body(long aligned) {
        Incoming body = claimBody();
        try {
            Future<TensorLease> future =
                    body.read(declaredLength(), aligned, request.getHeader(HttpHeaders.CONTENT_ENCODING));
            resume();
            return future;
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    @Override
    public Future<Path> upload() {
        Incoming body = claimBody();
        try {
            Future<Path> future = body.receive(declaredLength(), request.getHeader(HttpHeaders.CONTENT_ENCODING));
            // the upload goes on by itself, once its file is open and there is somebody to take what comes
            paused = false;
            return future;
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private Incoming claimBody() {
        if (incoming != null) {
            throw new IllegalStateException("the body was already asked for");
        }
        Incoming body = new Incoming(shared, request, started);
        incoming = body;
        return body;
    }

    private void resume() {
        if (paused) {
            paused = false;
            request.resume();
        }
    }

    @Override
    public <T> Future<T> blocking(Callable<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        try {
            shared.blocking().execute(() -> {
                try {
                    done.complete(work.call());
                } catch (Throwable e) {
                    done.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            done.completeExceptionally(new FailureException(new Failure.NotReady("the server is stopping"), e));
        }
        return Future.fromCompletionStage(done, context);
    }

    @Override
    public <T> void await(CompletionStage<T> stage, Consumer<T> then) {
        stage.whenComplete((value, error) -> {
            if (context.equals(Vertx.currentContext())) {
                outcome(value, error, then);
            } else {
                context.runOnContext(_ -> outcome(value, error, then));
            }
        });
    }

    @Override
    public <T> void await(Future<T> future, Consumer<T> then) {
        future.onComplete(result -> {
            if (context.equals(Vertx.currentContext())) {
                outcome(result.result(), result.cause(), then);
            } else {
                context.runOnContext(_ -> outcome(result.result(), result.cause(), then));
            }
        });
    }

    private <T> void outcome(T value, @Nullable Throwable error, Consumer<T> then) {
        if (error != null) {
            fail(error);
            return;
        }
        try {
            then.accept(value);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    @Override
    public void responseHeader(String name, String value) {
        if (name.equals("X-Slipway-Model")) {
            model = value;
        } else if (name.equals("X-Slipway-Version")) {
            version = value;
        }
        response.putHeader(name, value);
    }

    @Override
    public void respond(int status, String contentType, Buffer body, Runnable afterwards) {
        if (answered || ended) {
            afterwards.run();
            return;
        }
        answered = true;
        response.setStatusCode(status);
        response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
        response.putHeader("X-Request-Id", requestId);
        if (shared.stopping().begun()) {
            closeAfterwards();
        }
        discardRest();
        Outgoing answer = new Outgoing(shared, context, request, () -> {
            afterwards.run();
            end(status);
            leave();
        });
        outgoing = answer;
        answer.send(contentType, body);
    }

    private void closeAfterwards() {
        if (request.version() != HttpVersion.HTTP_2) {
            closeAfter = true;
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    private void cut() {
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset(HTTP2_CANCEL);
        } else {
            connection.cut();
        }
    }

    private void leave() {
        if (closeAfter && !discarding) {
            connection.close();
        }
    }

    /** What the client still sends after its answer is read for a moment, so that it gets to read the answer. */
    private void discardRest() {
        Incoming body = incoming;
        boolean unread = body == null ? mayHaveBody() : !body.complete();
        if (!unread) {
            return;
        }
        if (body != null) {
            body.cancel(new FailureException(new Failure.Cancelled("answered before the body was read")));
        }
        closeAfterwards();
        discarding = closeAfter;
        long timer = closeAfter ? shared.vertx().setTimer(DISCARD_MILLIS, _ -> connection.cut()) : -1;
        request.handler(_ -> {});
        request.exceptionHandler(_ -> {});
        request.endHandler(_ -> {
            shared.vertx().cancelTimer(timer);
            discarding = false;
            if (ended) {
                leave();
            }
        });
        paused = false;
        request.resume();
    }

    @Override
    public void fail(Failure failure) {
        if (answered || ended) {
            return;
        }
        if (failure instanceof Failure.TooLarge) {
            shared.metrics().rejected("size");
        }
        if (failure instanceof Failure.Unauthenticated) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        try {
            dialect.fail(this, failure);
        } catch (RuntimeException e) {
            lastResort(e);
        }
    }

    /** Answers whatever went wrong; what nobody expected is logged and not told. */
    void fail(Throwable error) {
        if (error instanceof Refusal refusal) {
            refuse(refusal.status(), refusal.detail());
            return;
        }
        Failure failure = FailureException.of(error);
        if (failure instanceof Failure.Internal) {
            shared.log().defect(request.method().name(), path(), requestId, error);
        }
        fail(failure);
    }

    void refuse(int status, String detail) {
        if (answered || ended) {
            return;
        }
        try {
            dialect.refuse(this, status, detail);
        } catch (RuntimeException e) {
            lastResort(e);
        }
    }

    /** Refuses what leaves unclear where the next request begins: none is read after it. */
    void refuseForGood(Refusal refusal) {
        connection.takeNoMore();
        closeAfterwards();
        refuse(refusal.status(), refusal.detail());
    }

    void notAllowed(String allow) {
        response.putHeader(HttpHeaders.ALLOW, allow);
        if (request.method().equals(HttpMethod.OPTIONS)) {
            respond(204, "text/plain", Buffer.buffer());
        } else {
            refuse(405, request.method() + " is not allowed here, only " + allow);
        }
    }

    private void lastResort(RuntimeException error) {
        shared.log().defect(request.method().name(), path(), requestId, error);
        respond(500, Problem.CONTENT_TYPE, Problem.of(500, "an unexpected error", requestId));
    }
}
