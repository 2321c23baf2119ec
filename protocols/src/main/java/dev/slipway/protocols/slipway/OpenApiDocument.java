package dev.slipway.protocols.slipway;

import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.deployment.Deployments;
import dev.slipway.json.Json;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.serving.Published;
import dev.slipway.tasks.TaskForm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The OpenAPI 3.1 document of this server as it is now: what is always there, from a resource, and for each served model
 * its own typed paths, made from its task's form and its signature.
 */
final class OpenApiDocument {

    private final Deployments deployments;
    private final String version;
    private final String base = Resources.text("openapi-base.json");

    OpenApiDocument(Deployments deployments, String version) {
        this.deployments = deployments;
        this.version = version;
    }

    Map<String, @Nullable Object> make() {
        Map<String, @Nullable Object> document = object(Json.parse(base));
        member(document, "info").put("version", version);
        Map<String, @Nullable Object> paths = new LinkedHashMap<>();
        Map<String, @Nullable Object> schemas = member(member(document, "components"), "schemas");
        List<@Nullable Object> tags = new ArrayList<>();
        for (LoadedVersion served : served()) {
            describe(served, paths, schemas);
            Map<String, @Nullable Object> tag = new LinkedHashMap<>();
            tag.put("name", served.model().name());
            tag.put("description", description(served));
            tags.add(tag);
        }
        paths.putAll(member(document, "paths"));
        document.put("paths", paths);
        if (document.get("tags") instanceof List<?> always) {
            tags.addAll(always);
        }
        document.put("tags", tags);
        return document;
    }

    private List<LoadedVersion> served() {
        List<LoadedVersion> served = new ArrayList<>();
        for (Published published : deployments.server().published()) {
            boolean ready = published.model().project().equals(ModelName.DEFAULT_PROJECT)
                    && !published.endpoint().targets().isEmpty()
                    && published
                            .versions()
                            .containsKey(
                                    published.endpoint().targets().getFirst().version());
            if (ready) {
                served.add(deployments.server().version(ModelRef.of(published.model())));
            }
        }
        return served;
    }

    private static String description(LoadedVersion served) {
        String text = served.manifest().description();
        String task = served.manifest().task().id() + ", version " + served.version();
        return text.isEmpty() ? task : text + " (" + task + ")";
    }

    private void describe(
            LoadedVersion served, Map<String, @Nullable Object> paths, Map<String, @Nullable Object> schemas) {
        String name = served.model().name();
        TaskForm form = deployments.form(served);
        schemas.put(name + "-request", SchemaReferences.within(name + "-request", form.requestSchema()));
        schemas.put(name + "-answer", SchemaReferences.within(name + "-answer", answered(form.responseSchema())));
        paths.put("/predict/" + name, Map.of("post", predict(served, form)));
        TensorSchemas tensors = new TensorSchemas(served.signature());
        schemas.put(name + "-infer-request", tensors.request());
        schemas.put(name + "-infer-answer", tensors.answer());
        paths.put("/v2/models/" + name + "/infer", Map.of("post", infer(served, tensors)));
    }

    /** The form's answer with what every answer carries besides. */
    private static Map<String, @Nullable Object> answered(Map<String, Object> schema) {
        Map<String, @Nullable Object> always = new LinkedHashMap<>();
        always.put("model", Map.of("type", "string"));
        always.put("version", Map.of("type", "string", "pattern", "^[0-9]+$"));
        always.put("id", Map.of("type", "string"));
        Map<String, @Nullable Object> envelope = new LinkedHashMap<>();
        envelope.put("type", "object");
        envelope.put("properties", always);
        envelope.put("required", List.of("model", "version", "id"));
        Map<String, @Nullable Object> own = new LinkedHashMap<>(schema);
        own.remove("additionalProperties");
        return Map.of("allOf", List.of(own, envelope));
    }

    private static Map<String, @Nullable Object> predict(LoadedVersion served, TaskForm form) {
        String name = served.model().name();
        Map<String, @Nullable Object> operation = new LinkedHashMap<>();
        operation.put("operationId", "predict-" + name);
        operation.put("tags", List.of(name));
        operation.put("summary", "Predict with " + name);
        operation.put("description", description(served));
        operation.put("parameters", List.of(reference("parameters", "top")));
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        for (String type : form.contentTypes()) {
            content.put(type, body(served, form, type));
        }
        Map<String, @Nullable Object> body = required(content);
        if (Examples.of(form, TensorSchemas.SHOWN) == null) {
            body.put("description", Examples.insteadOf(served.signature()));
        }
        operation.put("requestBody", body);
        operation.put("responses", responses(name + "-answer"));
        return operation;
    }

    private static Map<String, @Nullable Object> body(LoadedVersion served, TaskForm form, String type) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        if (type.equals("application/json")) {
            body.put("schema", reference("schemas", served.model().name() + "-request"));
            Object example = Examples.of(form, TensorSchemas.SHOWN);
            if (example != null) {
                body.put("example", example);
            }
        } else if (type.startsWith("multipart/")) {
            body.put(
                    "schema",
                    Map.of(
                            "type",
                            "object",
                            "properties",
                            Map.of("image", Map.of("contentMediaType", "application/octet-stream"))));
        } else if (type.startsWith("text/")) {
            body.put("schema", Map.of("type", "string"));
        }
        return body;
    }

    private static Map<String, @Nullable Object> infer(LoadedVersion served, TensorSchemas tensors) {
        String name = served.model().name();
        Map<String, @Nullable Object> operation = new LinkedHashMap<>();
        operation.put("operationId", "infer-" + name);
        operation.put("tags", List.of(name));
        operation.put("summary", "Infer with " + name + " (Open Inference Protocol V2)");
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("schema", reference("schemas", name + "-infer-request"));
        Object example = tensors.example();
        if (example != null) {
            body.put("example", example);
        }
        operation.put("requestBody", required(Map.of("application/json", body)));
        operation.put(
                "responses",
                Map.of(
                        "200",
                        success(name + "-infer-answer"),
                        "default",
                        Map.of(
                                "description",
                                "It was refused or failed",
                                "content",
                                Map.of("application/json", Map.of("schema", reference("schemas", "InferenceError"))))));
        return operation;
    }

    private static Map<String, @Nullable Object> required(Map<String, ?> content) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("required", true);
        body.put("content", content);
        return body;
    }

    private static Map<String, Object> responses(String schema) {
        return Map.of("200", success(schema), "default", reference("responses", "Problem"));
    }

    private static Map<String, Object> success(String schema) {
        return Map.of(
                "description",
                "The answer",
                "content",
                Map.of("application/json", Map.of("schema", reference("schemas", schema))));
    }

    private static Map<String, Object> reference(String kind, String name) {
        return Map.of("$ref", "#/components/" + kind + "/" + name);
    }

    static Map<String, @Nullable Object> object(@Nullable Object value) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, member) -> members.put(String.valueOf(key), member));
        }
        return members;
    }

    /** A member that is an object, replaced by a copy that may be changed. */
    private static Map<String, @Nullable Object> member(Map<String, @Nullable Object> document, String name) {
        Map<String, @Nullable Object> member = object(document.get(name));
        document.put(name, member);
        return member;
    }
}
