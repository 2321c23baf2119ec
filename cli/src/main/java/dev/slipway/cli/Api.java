package dev.slipway.cli;

import dev.slipway.core.FailureException;
import dev.slipway.core.ModelRef;
import dev.slipway.json.Json;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A server's own interface, as a client sees it. Every error of the server ends the verb with what it said. */
final class Api {

    /** The list of all models. */
    static final String MODELS = "/api/v1/models?limit=1000";

    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** Loading and checking a large model takes its time; nobody waits longer than this for a change. */
    private static final Duration CHANGING = Duration.ofMinutes(30);

    private static final Duration LOOKING = Duration.ofMinutes(1);

    private final URI server;
    private final String key;
    private final String program;
    private final String command;

    /**
     * A client.
     *
     * @param key the administration key; empty: none
     * @param program how the caller named this program
     * @param command the same with what it takes to reach this server
     */
    Api(URI server, String key, String program, String command) {
        this.server = server;
        this.key = key;
        this.program = program;
        this.command = command;
    }

    /**
     * What the server answered.
     *
     * @param uploadOffset how many bytes of what is uploaded are there
     */
    record Answer(int status, String contentType, long uploadOffset, String body) {

        /** The body as a JSON value; null when it is empty. */
        @Nullable
        Object json() {
            return body.isEmpty() ? null : Json.parse(body);
        }
    }

    URI server() {
        return server;
    }

    @Nullable
    Object get(String path) {
        return send("GET", path, BodyPublishers.noBody(), "").json();
    }

    /** Sends a JSON document; null sends no body. */
    @Nullable
    Object send(String method, String path, @Nullable Object document) {
        BodyPublisher body = document == null ? BodyPublishers.noBody() : BodyPublishers.ofString(Json.write(document));
        return send(method, path, body, document == null ? "" : "application/json")
                .json();
    }

    Answer send(String method, String path, BodyPublisher body, String contentType) {
        Map<String, String> headers = contentType.isEmpty() ? Map.of() : Map.of("Content-Type", contentType);
        return refuse(exchange(method, path, body, headers));
    }

    /** The answer, unless it is an error. */
    private Answer refuse(Answer answer) {
        if (answer.status() >= 400) {
            Problem problem = Problem.of(answer, server);
            throw problem.failure(command, problem.missesModel() ? models() : List.of());
        }
        return answer;
    }

    /** The names of the models, nothing where the server does not tell them. */
    private List<String> models() {
        Answer answer = exchange("GET", MODELS, BodyPublishers.noBody(), Map.of());
        return answer.status() == 200
                ? Document.of(answer.json()).objects("models").stream()
                        .map(model -> model.text("model"))
                        .toList()
                : List.of();
    }

    /** Whether something is there. */
    boolean exists(String path) {
        int status = exchange("HEAD", path, BodyPublishers.noBody(), Map.of()).status();
        return status >= 200 && status < 300;
    }

    /** How many bytes of a blob the server has; -1 when it has all. */
    long received(String path) {
        Answer answer = exchange("HEAD", path, BodyPublishers.noBody(), Map.of());
        return answer.status() < 300 ? -1 : answer.uploadOffset();
    }

    /**
     * Sends a part of a blob.
     *
     * @throws IOException when the connection broke; the part may have come or not
     */
    void sendPart(String path, BodyPublisher body, String range) throws IOException {
        refuse(attempt("PUT", path, body, Map.of("Content-Type", "application/octet-stream", "Content-Range", range)));
    }

    /** What a broken connection is called. */
    String broken(IOException why) {
        return "the connection to " + server + " broke: " + reason(why);
    }

    private Answer exchange(String method, String path, BodyPublisher body, Map<String, String> headers) {
        try {
            return attempt(method, path, body, headers);
        } catch (IOException e) {
            throw new CommandFailure(broken(e), "Try again.");
        }
    }

    private Answer attempt(String method, String path, BodyPublisher body, Map<String, String> headers)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + path))
                .timeout(method.equals("GET") || method.equals("HEAD") ? LOOKING : CHANGING)
                .header("Accept", "application/json")
                .method(method, body);
        headers.forEach(request::header);
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build()) {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    response.headers().firstValueAsLong("Upload-Offset").orElse(0),
                    response.body());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new CommandFailure("no server answers at " + server, whereToFindOne());
        } catch (HttpTimeoutException e) {
            throw new CommandFailure(
                    server + " takes connections and does not answer",
                    "Its log and " + server + "/metrics may say why.");
        } catch (InterruptedException | InterruptedIOException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted");
        }
    }

    private String whereToFindOne() {
        String host = String.valueOf(server.getHost());
        boolean here = host.equals("localhost") || host.equals("[::1]") || host.startsWith("127.");
        String port = server.getPort() == 8080 ? "" : " --port " + server.getPort();
        return here
                ? "Start one with: " + program + " serve" + port
                : "The address comes from --server or SLIPWAY_SERVER; is it right, and may this machine reach it?";
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** The path of a model's predictions: {@code /predict/iris/versions/3} for {@code iris/3}. */
    static String predictPath(String reference) {
        ModelRef ref = parse(reference);
        String model = "/predict/" + encode(ref.model().name());
        return switch (ref.selector()) {
            case ModelRef.ByEndpoint.ENDPOINT -> model;
            case ModelRef.ByVersion(long version) -> model + "/versions/" + version;
            case ModelRef.ByAlias(String alias) -> model + "@" + encode(alias);
        };
    }

    /** The path that describes a model or, for {@code iris/3}, a version. */
    static String modelPath(String reference) {
        if (parse(reference).selector() instanceof ModelRef.ByAlias) {
            throw CommandFailure.usage("'" + reference + "' names an alias", "Give a model, or a version as iris/3.");
        }
        return administrationPath(reference);
    }

    /** The path that administers a model or, for {@code iris/3}, a version or, for {@code iris@canary}, an alias. */
    static String administrationPath(String reference) {
        ModelRef ref = parse(reference);
        String model = "/api/v1/models/" + encode(ref.model().name());
        return switch (ref.selector()) {
            case ModelRef.ByEndpoint.ENDPOINT -> model;
            case ModelRef.ByVersion(long version) -> model + "/versions/" + version;
            case ModelRef.ByAlias(String alias) -> model + "/aliases/" + encode(alias);
        };
    }

    /** Reads {@code iris}, {@code iris/3} or {@code iris@canary}. */
    static ModelRef parse(String reference) {
        try {
            int slash = reference.indexOf('/');
            return slash < 0
                    ? ModelRef.parse(reference)
                    : ModelRef.of(
                            ModelRef.parse(reference.substring(0, slash)).model(),
                            ModelRef.parseVersion(reference.substring(slash + 1)));
        } catch (FailureException e) {
            throw CommandFailure.usage(e.failure().detail(), "A model is named as iris, iris/3 or iris@canary.");
        }
    }

    static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
