package dev.slipway.protocols.slipway;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Deadline;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.core.Task;
import dev.slipway.core.TensorLease;
import dev.slipway.deployment.Deployments;
import dev.slipway.json.JsonWriter;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.Mount;
import dev.slipway.server.spi.NativeBuffers;
import dev.slipway.server.spi.Permission;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.serving.ModelServer;
import dev.slipway.serving.Published;
import dev.slipway.tasks.TaskForm;
import dev.slipway.tasks.TaskForm.Body;
import dev.slipway.tasks.TaskForm.Decoded;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Predictions in the form of the model's task. */
final class PredictRoutes {

    /** Bodies and answers above this many bytes are decoded and encoded away from the event loop. */
    private static final long SMALL = 64 << 10;

    private static final String CURLS_DEFAULT = "application/x-www-form-urlencoded";
    private static final String CURLS_HINT = " (curl sends it unless told -H 'Content-Type: application/json')";

    private final Deployments deployments;
    private final ModelServer server;

    PredictRoutes(Deployments deployments) {
        this.deployments = deployments;
        this.server = deployments.server();
    }

    void mount(Mount mount) {
        mount.route(
                HttpMethod.POST,
                "/predict",
                Permission.INFER,
                exchange -> predict(
                        exchange, mount.info().defaultModel().map(ModelRef::of).orElseGet(this::onlyModel)));
        mount.route(
                HttpMethod.POST,
                "/predict/{model}",
                Permission.INFER,
                exchange -> predict(exchange, ModelRef.parse(exchange.path("model"))));
        mount.route(
                HttpMethod.POST,
                "/predict/{model}/versions/{version}",
                Permission.INFER,
                exchange -> predict(
                        exchange,
                        ModelRef.of(
                                ModelName.of(exchange.path("model")),
                                ModelRef.parseVersion(exchange.path("version")))));
    }

    private ModelRef onlyModel() {
        List<String> models = server.published().stream()
                .filter(published -> !published.versions().isEmpty())
                .map(Published::model)
                .filter(model -> model.project().equals(ModelName.DEFAULT_PROJECT))
                .map(ModelName::name)
                .toList();
        if (models.isEmpty() && !deployments.settled()) {
            throw new FailureException(
                    new Failure.NotReady("models are being loaded, none is served yet: try again soon"));
        }
        if (models.size() != 1) {
            throw new FailureException(new Failure.ModelNotFound(
                    models.isEmpty()
                            ? "no model is served yet: deploy one"
                            : "several models are served, say which: POST /predict/{model} with one of " + models));
        }
        return ModelRef.of(ModelName.of(models.getFirst()));
    }

    private void predict(Exchange exchange, ModelRef ref) {
        Query query = Query.of(exchange, "top");
        Map<String, String> options = new LinkedHashMap<>();
        String top = query.text("top");
        if (top != null) {
            options.put("top", Integer.toString(query.number("top", 1, 1, 1_000_000)));
        }
        LoadedVersion version = server.version(ref);
        TaskForm form = deployments.form(version);
        String given = exchange.header("Content-Type");
        String header = given == null || given.isBlank() ? "application/json" : given;
        String contentType = Body.mediaType(header);
        if (!form.takes(contentType)) {
            ProblemDocument.answer(
                    exchange,
                    415,
                    "Unsupported media type",
                    "content type '" + contentType + "'"
                            + (contentType.equals(CURLS_DEFAULT) ? CURLS_HINT : "")
                            + " is not one that model '" + ref + "' takes: "
                            + String.join(", ", form.contentTypes())
                            + (version.manifest().task() == Task.TENSORS ? byTask(contentType) : ""));
            return;
        }
        Deadline deadline = exchange.deadline();
        Cancellation cancellation = exchange.cancellation();
        Runnable stillWanted = () -> requireWanted(deadline, cancellation);
        exchange.await(exchange.body(), body -> {
            boolean heavy = body.tensor().data().byteSize() > SMALL
                    || version.manifest().task() == Task.IMAGE_CLASSIFICATION;
            exchange.await(
                    exchange.blocking(heavy, () -> decode(form, new Body(header, body, stillWanted))),
                    decoded -> run(exchange, ref, version, decoded, deadline, options));
        });
    }

    /** What makes a model of plain tensors take pictures or tables. */
    private static String byTask(String contentType) {
        if (contentType.startsWith("image/")) {
            return "; pictures are for models whose package says task: image-classification";
        }
        return contentType.equals("text/csv")
                ? "; tables are for models whose package says task: tabular-classification or tabular-regression"
                : "";
    }

    private static void requireWanted(@Nullable Deadline deadline, Cancellation cancellation) {
        Failure reason = cancellation.reason();
        if (reason != null) {
            throw new FailureException(reason);
        }
        if (deadline != null && deadline.remainingNanos() <= 0) {
            throw new FailureException(
                    new Failure.DeadlineExceeded("the deadline passed before the request was decoded"));
        }
    }

    private Decoded decode(TaskForm form, Body body) {
        try (TensorLease _ = body.content()) {
            return form.decode(body, server.pool());
        }
    }

    private void run(
            Exchange exchange,
            ModelRef ref,
            LoadedVersion named,
            Decoded decoded,
            @Nullable Deadline deadline,
            Map<String, String> options) {
        InferenceRequest request = new InferenceRequest(
                ref,
                exchange.requestId(),
                decoded.inputs(),
                List.of(),
                deadline,
                Map.of(),
                exchange.header("X-Slipway-Key"),
                exchange.cancellation());
        exchange.await(server.infer(request), response -> {
            long bytes = response.outputs().stream()
                    .mapToLong(output -> output.tensor().data().byteSize())
                    .sum();
            JsonWriter json = exchange.writer();
            exchange.await(
                    exchange.blocking(bytes > SMALL, () -> encode(json, named, decoded, response, options)),
                    answer -> answer(exchange, response, answer));
        });
    }

    private JsonWriter encode(
            JsonWriter json,
            LoadedVersion named,
            Decoded decoded,
            InferenceResponse response,
            Map<String, String> options) {
        try (response) {
            TaskForm form = deployments.form(server.answering(response, named));
            Map<String, @Nullable Object> answer = new LinkedHashMap<>(form.encode(decoded, response, options));
            answer.put("model", response.model().name());
            answer.put("version", Long.toString(response.version()));
            answer.put("id", response.id());
            return json.value(answer).endLine();
        }
    }

    private static void answer(Exchange exchange, InferenceResponse response, JsonWriter answer) {
        exchange.answeredBy(response);
        exchange.respond(200, "application/json", NativeBuffers.of(answer.buffer(), answer.size()));
    }
}
