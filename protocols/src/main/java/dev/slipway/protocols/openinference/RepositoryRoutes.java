package dev.slipway.protocols.openinference;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.deployment.DeployRequest;
import dev.slipway.deployment.Deployments;
import dev.slipway.deployment.Deployments.ModelView;
import dev.slipway.deployment.Deployments.VersionView;
import dev.slipway.json.Json;
import dev.slipway.json.JsonReader;
import dev.slipway.json.JsonReader.Token;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.Mount;
import dev.slipway.server.spi.Permission;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Triton's model repository extension: what there is, load, unload. Every change is durable. */
final class RepositoryRoutes {

    private static final String ROOT = "/v2/repository";

    private final Deployments deployments;

    RepositoryRoutes(Deployments deployments) {
        this.deployments = deployments;
    }

    void mount(Mount mount) {
        mount.route(HttpMethod.POST, ROOT + "/index", Permission.INFER, this::index);
        mount.route(HttpMethod.POST, ROOT + "/models/{model}/load", Permission.ADMINISTER, this::load);
        mount.route(HttpMethod.POST, ROOT + "/models/{model}/unload", Permission.ADMINISTER, this::unload);
        for (String path : List.of("/index", "/models/{model}/load", "/models/{model}/unload")) {
            mount.route(HttpMethod.POST, ROOT + "/{repository}" + path, Permission.ADMINISTER, exchange -> {
                throw new FailureException(new Failure.Unsupported("'repository_name' specification is not supported"));
            });
        }
    }

    private void index(Exchange exchange) {
        document(exchange, document -> {
            Object wanted = document.get("ready");
            if (wanted != null && !(wanted instanceof Boolean)) {
                throw InputCheck.plain("Invalid value for 'ready': expected a boolean");
            }
            boolean readyOnly = Boolean.TRUE.equals(wanted);
            exchange.await(exchange.blocking(() -> index(readyOnly)), list -> exchange.json(200, Json.write(list)));
        });
    }

    private List<Map<String, Object>> index(boolean readyOnly) {
        List<Map<String, Object>> index = new ArrayList<>();
        for (ModelView model : deployments.models()) {
            for (VersionView version : model.versions()) {
                Map<String, Object> entry = entry(model, version);
                if (!readyOnly || "READY".equals(entry.get("state"))) {
                    index.add(entry);
                }
            }
        }
        return index;
    }

    private static Map<String, Object> entry(ModelView model, VersionView version) {
        Failure failure = version.failure();
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", model.record().name().toString());
        entry.put("version", Long.toString(version.record().number()));
        entry.put("state", state(version));
        entry.put(
                "reason",
                failure != null
                        ? failure.detail()
                        : switch (version.state()) {
                            case UNLOADED -> "unloaded";
                            case REGISTERED -> "registered, not loaded";
                            case LOADING, READY, UNLOADING, FAILED -> "";
                        });
        return entry;
    }

    private static String state(VersionView version) {
        return switch (version.state()) {
            case READY -> "READY";
            case LOADING -> "LOADING";
            case UNLOADING -> "UNLOADING";
            case REGISTERED, UNLOADED, FAILED -> "UNAVAILABLE";
        };
    }

    private void load(Exchange exchange) {
        ModelName model = model(exchange);
        String actor = exchange.principal();
        document(exchange, document -> {
            Map<String, String> files = overrides(document);
            exchange.await(
                    exchange.blocking(() -> files.isEmpty()
                            ? deployments.load(known(model), null, actor)
                            : deploy(model, files, actor)),
                    _ -> exchange.respond(200, "application/json", io.vertx.core.buffer.Buffer.buffer()));
        });
    }

    private ModelName known(ModelName model) {
        try {
            deployments.model(model);
            return model;
        } catch (FailureException e) {
            if (e.failure() instanceof Failure.ModelNotFound) {
                throw new FailureException(
                        new Failure.ModelNotFound("failed to load '" + model + "', no version is available"), e);
            }
            throw e;
        }
    }

    private static Map<String, String> overrides(Map<String, @Nullable Object> document) {
        Map<String, String> files = new LinkedHashMap<>();
        if (!(document.get("parameters") instanceof Map<?, ?> parameters)) {
            return files;
        }
        parameters.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (!(value instanceof String text)) {
                throw InputCheck.plain("Unable to parse '" + name + "': attempt to access JSON non-string as string");
            }
            if (name.equals("config")) {
                if (!(Json.parse(text) instanceof Map)) {
                    throw InputCheck.plain("parameter 'config' must be a ModelConfig as a JSON object");
                }
            } else if (name.startsWith("file:")) {
                files.put(name.substring(5), text);
            } else {
                throw InputCheck.plain(
                        "unrecognized load parameter '" + name + "', expected 'config' or 'file:<path>'");
            }
        });
        return files;
    }

    private ModelView deploy(ModelName model, Map<String, String> files, String actor) throws IOException {
        Path folder = Files.createTempDirectory("slipway-load-");
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                write(folder, file.getKey(), file.getValue());
            }
            DeployRequest request =
                    new DeployRequest(model, folder, model.name(), actor, null, true, true, false, _ -> {});
            return deployments.deploy(request).model();
        } finally {
            delete(folder);
        }
    }

    private static void write(Path folder, String name, String base64) throws IOException {
        Path target = folder.resolve(name).normalize();
        if (name.isEmpty() || !target.startsWith(folder) || target.equals(folder) || name.indexOf('\0') >= 0) {
            throw InputCheck.plain("parameter 'file:" + name + "': the path must stay within the model's folder");
        }
        byte[] content;
        try {
            content = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw InputCheck.plain("parameter 'file:" + name + "': its value is not base64");
        }
        Path parent = target.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.write(target, content);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private void unload(Exchange exchange) {
        ModelName model = model(exchange);
        String actor = exchange.principal();
        document(exchange, document -> {
            if (document.get("parameters") instanceof Map<?, ?> parameters
                    && parameters.get("unload_dependents") != null
                    && !(parameters.get("unload_dependents") instanceof Boolean)) {
                throw InputCheck.plain(
                        "Unable to parse 'unload_dependents': attempt to access JSON non-boolean as boolean");
            }
            exchange.await(
                    exchange.blocking(() -> deployments.unload(model, null, actor)),
                    _ -> exchange.respond(200, "application/json", io.vertx.core.buffer.Buffer.buffer()));
        });
    }

    private static ModelName model(Exchange exchange) {
        return Models.ref(exchange.path("model"), null).model();
    }

    /** Reads a body that may be empty, and gives it back before anything is done with it. */
    private static void document(Exchange exchange, java.util.function.Consumer<Map<String, @Nullable Object>> then) {
        exchange.await(exchange.body(), body -> {
            Map<String, @Nullable Object> document;
            try (body) {
                document = body.tensor().data().byteSize() == 0
                        ? Map.of()
                        : parse(new JsonReader(body.tensor().data()));
            } catch (FailureException e) {
                if (e.failure() instanceof Failure.BadInput input && input.malformed()) {
                    throw new FailureException(Failure.BadInput.malformed(Members.parseError(input.detail())), e);
                }
                throw e;
            }
            then.accept(document);
        });
    }

    private static Map<String, @Nullable Object> parse(JsonReader json) {
        if (json.peek() != Token.OBJECT) {
            throw InputCheck.plain("the request's JSON must be an object");
        }
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        json.beginObject();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            document.put(name, json.value());
        }
        json.end();
        return document;
    }
}
