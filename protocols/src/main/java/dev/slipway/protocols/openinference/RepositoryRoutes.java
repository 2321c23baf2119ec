package dev.slipway.protocols.openinference;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Quoted;
import dev.slipway.json.JsonFailure;
import dev.slipway.json.JsonReader;
import dev.slipway.json.JsonReader.Token;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.Mount;
import dev.slipway.server.spi.Permission;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Triton's model repository extension over REST. */
final class RepositoryRoutes {

    private static final String ROOT = "/v2/repository";

    private final Repository repository;

    RepositoryRoutes(Repository repository) {
        this.repository = repository;
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
            exchange.await(
                    exchange.blocking(() -> repository.index(readyOnly)),
                    index -> exchange.json(200, MessageJson.list(index, "models")));
        });
    }

    private void load(Exchange exchange) {
        document(
                exchange,
                document -> change(exchange, () -> {
                    Parameters parameters = Parameters.of(document);
                    repository.load(
                            exchange.path("model"), parameters.config(), parameters.files(), exchange.principal());
                    return exchange;
                }));
    }

    /** The parameters of a load. */
    private record Parameters(@Nullable String config, Map<String, byte[]> files) {

        static Parameters of(Map<?, ?> document) {
            String config = null;
            Map<String, byte[]> files = new LinkedHashMap<>();
            if (document.get("parameters") instanceof Map<?, ?> parameters) {
                for (Map.Entry<?, ?> parameter : parameters.entrySet()) {
                    String name = String.valueOf(parameter.getKey());
                    if (!(parameter.getValue() instanceof String text)) {
                        throw InputCheck.plain(
                                "Unable to parse " + Quoted.of(name) + ": attempt to access JSON non-string as string");
                    }
                    if (name.equals("config")) {
                        config = text;
                    } else if (name.startsWith("file:")) {
                        files.put(name.substring("file:".length()), decoded(name, text));
                    } else {
                        throw Repository.unknown(name);
                    }
                }
            }
            return new Parameters(config, files);
        }

        private static byte[] decoded(String name, String base64) {
            try {
                return Base64.getDecoder().decode(base64);
            } catch (IllegalArgumentException e) {
                throw InputCheck.plain("parameter " + Quoted.of(name) + ": its value is not base64");
            }
        }
    }

    private void unload(Exchange exchange) {
        document(exchange, document -> {
            if (document.get("parameters") instanceof Map<?, ?> parameters
                    && parameters.get("unload_dependents") != null
                    && !(parameters.get("unload_dependents") instanceof Boolean)) {
                throw InputCheck.plain(
                        "Unable to parse 'unload_dependents': attempt to access JSON non-boolean as boolean");
            }
            change(exchange, () -> {
                repository.unload(exchange.path("model"), exchange.principal());
                return exchange;
            });
        });
    }

    private static void change(Exchange exchange, Callable<Exchange> work) {
        exchange.await(exchange.blocking(work), _ -> exchange.respond(200, "application/json", Buffer.buffer()));
    }

    /** Reads a body that may be empty, and gives it back before anything is done with it. */
    private static void document(Exchange exchange, Consumer<Map<String, @Nullable Object>> then) {
        exchange.await(exchange.body(), body -> {
            Map<String, @Nullable Object> document;
            try (body) {
                document = body.tensor().data().byteSize() == 0
                        ? Map.of()
                        : parse(new JsonReader(body.tensor().data()));
            } catch (JsonFailure e) {
                throw Members.unparsed(e);
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
