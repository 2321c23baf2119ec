package dev.slipway.server;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Deadline;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.TensorLease;
import dev.slipway.json.JsonWriter;
import dev.slipway.server.spi.Dialect;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.Problem;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An exchange over Vert.x. Everything happens on its event loop. */
final class HttpExchange implements Exchange, Ongoing {

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
    private final Incoming incoming;
    private final HomeLoop home;
    private final Cancellation cancellation = new Cancellation();
    private String principal = "anonymous";
    private String model = "";
    private String version = "";
    private InferenceResponse.@Nullable Timing timing;
    private @Nullable Outgoing outgoing;
    private AnswerMemory.@Nullable Part memory;
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
        this.incoming = new Incoming(shared, connection, request, started, this::gone);
        this.home = HomeLoop.here(shared.workers());
    }

    void begin() {
        response.exceptionHandler(_ -> gone());
        response.closeHandler(_ -> gone());
    }

    void run(Route route, String principal) {
        this.principal = principal;
        try {
            route.handler().handle(this);
        } catch (Exception | Error e) {
            fail(e);
        }
        if (!answered) {
            incoming.hold();
        }
    }

    /** The client has gone before the whole answer had. */
    private void gone() {
        if (ended) {
            return;
        }
        end(CLIENT_CLOSED_REQUEST);
        Failure why = new Failure.Cancelled("the client closed the connection");
        incoming.cancel(new FailureException(why));
        cancellation.cancel(why);
        Outgoing answer = outgoing;
        if (answer != null) {
            answer.over();
        }
    }

    private void end(int status) {
        if (ended) {
            return;
        }
        ended = true;
        if (memory != null) {
            memory.close();
        }
        loop.ended(this);
        long now = System.nanoTime();
        connection.end(now);
        long nanos = now - started;
        shared.metrics()
                .request(model, version, route == null ? "none" : route.path(), Integer.toString(status), nanos);
        shared.log()
                .answered(new RequestLog.Line(
                        request.method().name(), path(), status, nanos, requestId, principal, false, timing));
    }

    @Override
    public void sweep(long now) {
        if (outgoing != null && outgoing.stalled(now)) {
            shared.metrics().rejected("slow-reader");
            cut();
        } else if (!answered && incoming.late(now)) {
            shared.metrics().rejected("slow-body");
            incoming.cancel(new Refusal(408, "the request's body did not come in time"));
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
    public Optional<String> named(String name) {
        return route != null && route.parameters().contains(name) ? Optional.of(path(name)) : Optional.empty();
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
                return new Deadline(started + Duration.ofMillis(value).toNanos());
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

    @Override
    public Future<TensorLease> body(long aligned) {
        return incoming.read(aligned);
    }

    @Override
    public Future<Path> upload(long whole) {
        return incoming.receive(whole);
    }

    @Override
    public <T> Future<T> blocking(Callable<T> work) {
        return home.blocking(work);
    }

    @Override
    public <T> void await(CompletionStage<T> stage, Consumer<T> then) {
        home.await(stage, (value, error) -> outcome(value, error, then));
    }

    @Override
    public <T> void await(Future<T> future, Consumer<T> then) {
        home.await(future, (value, error) -> outcome(value, error, then));
    }

    private <T> void outcome(T value, @Nullable Throwable error, Consumer<T> then) {
        if (error != null) {
            fail(error);
            return;
        }
        try {
            then.accept(value);
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    @Override
    public void answeredBy(InferenceResponse answer) {
        model = answer.model().toString();
        version = Long.toString(answer.version());
        timing = answer.timing();
        response.putHeader("X-Slipway-Model", model);
        response.putHeader("X-Slipway-Version", version);
        response.putHeader("Server-Timing", ServerTiming.of(answer.timing()));
    }

    @Override
    public JsonWriter writer() {
        if (memory == null) {
            memory = shared.answers().part();
            if (ended) {
                memory.close();
            }
        }
        return new JsonWriter(memory);
    }

    @Override
    public void responseHeader(String name, String value) {
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
        Outgoing answer = new Outgoing(shared.config().timeouts().write(), home, request, this::defect, () -> {
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
            if (!response.headWritten()) {
                response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
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
        if (!incoming.unread()) {
            return;
        }
        closeAfterwards();
        discarding = closeAfter;
        long timer = closeAfter ? shared.vertx().setTimer(DISCARD_MILLIS, _ -> connection.cut()) : -1;
        incoming.passOver(() -> {
            shared.vertx().cancelTimer(timer);
            discarding = false;
            if (ended) {
                leave();
            }
        });
    }

    @Override
    public void fail(Failure failure) {
        if (answered || ended) {
            return;
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
            defect(error);
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

    /** The body's parts cannot be told apart: it is refused, and nothing can be read after it. */
    void unframed() {
        if (!answered && incoming.unread()) {
            refuseForGood(new Refusal(400, "the body's chunks are not framed as HTTP says"));
        } else {
            connection.takeNoMore();
            closeAfterwards();
        }
    }

    void notAllowed(String allow) {
        response.putHeader(HttpHeaders.ALLOW, allow);
        if (request.method().equals(HttpMethod.OPTIONS)) {
            respond(204, "text/plain", Buffer.buffer());
        } else {
            refuse(405, request.method() + " is not allowed here, only " + allow);
        }
    }

    private void defect(Throwable error) {
        shared.log().defect(request.method().name(), path(), requestId, error);
    }

    private void lastResort(RuntimeException error) {
        defect(error);
        respond(500, Problem.CONTENT_TYPE, Problem.of(500, "an unexpected error", requestId));
    }
}
