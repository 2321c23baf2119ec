package dev.slipway.protocols.openinference;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.json.JsonFailure;
import dev.slipway.json.JsonReader;
import dev.slipway.json.JsonReader.Token;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.Mount;
import dev.slipway.server.spi.Permission;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
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
        exchange.await(
                exchange.body(),
                body -> change(exchange, () -> {
                    try (LoadFiles files = new LoadFiles(body)) {
                        String config = config(new JsonReader(body.tensor().data()), files);
                        repository.load(exchange.path("model"), config, files, exchange.principal());
                        return exchange;
                    } catch (JsonFailure e) {
                        throw Members.unparsed(e);
                    }
                }));
    }

    /** Reads the parameters of a load: those that are files are added, the config is returned. */
    private static @Nullable String config(JsonReader json, LoadFiles files) {
        String config = null;
        if (!begun(json)) {
            return null;
        }
        for (String member = json.nextName(); member != null; member = json.nextName()) {
            if (!member.equals("parameters") || json.peek() != Token.OBJECT) {
                json.skip();
                continue;
            }
            json.beginObject();
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                if (name.startsWith("file:")) {
                    Members.require(json, Token.STRING, name, "non-string as string");
                    files.add(name.substring("file:".length()), new Base64Text(name, json.text()));
                } else if (name.equals("config")) {
                    config = Members.string(json, name);
                } else {
                    throw Repository.unknown(name);
                }
            }
        }
        json.end();
        return config;
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
            Map<String, @Nullable Object> document = new LinkedHashMap<>();
            try (body) {
                JsonReader json = new JsonReader(body.tensor().data());
                if (begun(json)) {
                    for (String name = json.nextName(); name != null; name = json.nextName()) {
                        document.put(name, json.value());
                    }
                    json.end();
                }
            } catch (JsonFailure e) {
                throw Members.unparsed(e);
            }
            then.accept(document);
        });
    }

    /** Begins the object that a body is, unless it is empty. */
    private static boolean begun(JsonReader json) {
        if (json.empty()) {
            return false;
        }
        if (json.peek() != Token.OBJECT) {
            throw InputCheck.plain("the request's JSON must be an object");
        }
        json.beginObject();
        return true;
    }
}
