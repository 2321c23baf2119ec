package dev.slipway.bench;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a V2 server tells of a model. */
final class ModelClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ServedModel model;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    ModelClient(ServedModel model) {
        this.model = model;
    }

    /** The inputs as the model's metadata declares them: maps of name, datatype and shape. */
    List<Map<?, ?>> inputs() throws IOException, InterruptedException {
        HttpResponse<String> answer = get(model.path());
        if (answer.statusCode() != 200) {
            throw new FailureException(new Failure.ModelNotFound(model.server() + model.path() + " answers with status "
                    + answer.statusCode() + ": " + answer.body()));
        }
        if (Json.parse(answer.body()) instanceof Map<?, ?> metadata
                && metadata.get("inputs") instanceof List<?> inputs) {
            return inputs.stream().<Map<?, ?>>map(Map.class::cast).toList();
        }
        throw new FailureException(Failure.BadInput.of(model.server() + model.path()
                + " must answer with the model's metadata, and answers: " + answer.body()));
    }

    /** The model's statistics; empty when the server has none, or speaks gRPC alone. */
    Optional<Statistics> statistics() throws InterruptedException {
        HttpResponse<String> answer;
        try {
            answer = get(model.path() + "/stats");
        } catch (IOException e) {
            return Optional.empty();
        }
        if (answer.statusCode() != 200
                || !(Json.parse(answer.body()) instanceof Map<?, ?> document)
                || !(document.get("model_stats") instanceof List<?> versions)) {
            return Optional.empty();
        }
        long requests = 0;
        long inferences = 0;
        long executions = 0;
        long queue = 0;
        long compute = 0;
        for (Object version : versions) {
            requests += number(version, "inference_stats", "success", "count");
            inferences += number(version, "inference_count");
            executions += number(version, "execution_count");
            queue += number(version, "inference_stats", "queue", "ns");
            compute += number(version, "inference_stats", "compute_infer", "ns");
        }
        return Optional.of(new Statistics(requests, inferences, executions, queue, compute));
    }

    /** The number at a path of members; 0 where there is none. */
    private static long number(Object document, String... path) {
        Object value = document;
        for (String member : path) {
            value = value instanceof Map<?, ?> object ? object.get(member) : null;
        }
        return value instanceof Number number ? number.longValue() : 0;
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = model.server().resolve(path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
        if (!model.key().isEmpty()) {
            request.header("Authorization", "Bearer " + model.key());
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        client.close();
    }
}
