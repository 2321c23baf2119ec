package dev.slipway.protocols.slipway;

import dev.slipway.core.Endpoint;
import dev.slipway.core.Failure;
import dev.slipway.core.Failure.Fault;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.deployment.Deployments;
import dev.slipway.deployment.ModelView;
import dev.slipway.packages.Manifests;
import dev.slipway.registry.HistoryEntry;
import dev.slipway.registry.Registry;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.Permission;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Models: listed, described, moved, rolled back, removed. */
final class ModelRoutes {

    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1000;

    private final Deployments deployments;

    ModelRoutes(Deployments deployments) {
        this.deployments = deployments;
    }

    void mount(Api api) {
        api.route(HttpMethod.GET, "/models", Permission.INFER, this::list);
        api.route(HttpMethod.GET, "/models/{model}", Permission.INFER, this::describe);
        api.route(HttpMethod.DELETE, "/models/{model}", Permission.ADMINISTER, this::remove);
        api.route(HttpMethod.PUT, "/models/{model}/endpoint", Permission.ADMINISTER, this::endpoint);
        api.route(HttpMethod.PUT, "/models/{model}/aliases/{alias}", Permission.ADMINISTER, this::alias);
        api.route(HttpMethod.DELETE, "/models/{model}/aliases/{alias}", Permission.ADMINISTER, this::removeAlias);
        api.route(HttpMethod.POST, "/models/{model}/rollback", Permission.ADMINISTER, this::rollback);
        api.route(HttpMethod.GET, "/models/{model}/history", Permission.ADMINISTER, this::history);
    }

    private void list(Exchange exchange, String project) {
        Query query = Query.of(exchange, "limit", "page_token");
        int limit = query.number("limit", PAGE, 1, LARGEST_PAGE);
        String after = token(query);
        exchange.await(exchange.blocking(deployments::models), models -> {
            List<ModelView> rest = models.stream()
                    .filter(model -> model.record().name().project().equals(project))
                    .filter(model ->
                            after == null || model.record().name().name().compareTo(after) > 0)
                    .sorted((a, b) ->
                            a.record().name().name().compareTo(b.record().name().name()))
                    .toList();
            List<ModelView> page = rest.subList(0, Math.min(limit, rest.size()));
            Map<String, @Nullable Object> answer = new LinkedHashMap<>();
            answer.put("models", page.stream().map(ModelDocuments::summary).toList());
            if (rest.size() > page.size()) {
                answer.put(
                        "next_page_token", token(page.getLast().record().name().name()));
            }
            Documents.answer(exchange, 200, answer);
        });
    }

    private static String token(String last) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(last.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String token(Query query) {
        String given = query.text("page_token");
        if (given == null) {
            return null;
        }
        try {
            return new String(Base64.getUrlDecoder().decode(given), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw query.wrong("page_token", "a token that a page of this list gave");
        }
    }

    private void describe(Exchange exchange, String project) {
        Query.of(exchange);
        ModelName model = Api.model(exchange, project);
        exchange.await(exchange.blocking(() -> deployments.model(model)), view -> answer(exchange, view));
    }

    private static void answer(Exchange exchange, ModelView view) {
        Revision.tag(exchange, view.record().revision());
        Documents.answer(exchange, 200, ModelDocuments.model(view));
    }

    private void remove(Exchange exchange, String project) {
        Query.of(exchange);
        ModelName model = Api.model(exchange, project);
        String actor = exchange.principal();
        exchange.await(
                exchange.blocking(() -> {
                    deployments.removeModel(model, actor);
                    return model;
                }),
                _ -> exchange.respond(204, "application/json", Buffer.buffer()));
    }

    private void endpoint(Exchange exchange, String project) {
        Query.of(exchange);
        ModelName model = Api.model(exchange, project);
        Long expected = Revision.expected(exchange);
        String actor = exchange.principal();
        change(exchange, members -> {
            Endpoint endpoint = members.containsKey("version")
                    ? Endpoint.of(version(members, Set.of("version")))
                    : document(members);
            return deployments.endpoint(model, endpoint, actor, expected);
        });
    }

    private static Endpoint document(Map<String, @Nullable Object> members) {
        if (!members.containsKey("targets")) {
            throw missing("version", "a version in digits, or 'targets' with versions and weights");
        }
        return Manifests.endpoint(members);
    }

    private void alias(Exchange exchange, String project) {
        Query.of(exchange);
        ModelName model = Api.model(exchange, project);
        String alias = exchange.path("alias");
        Long expected = Revision.expected(exchange);
        String actor = exchange.principal();
        change(
                exchange,
                members -> deployments.alias(model, alias, version(members, Set.of("version")), actor, expected));
    }

    private void removeAlias(Exchange exchange, String project) {
        Query.of(exchange);
        ModelName model = Api.model(exchange, project);
        String alias = exchange.path("alias");
        Long expected = Revision.expected(exchange);
        String actor = exchange.principal();
        exchange.await(
                exchange.blocking(() -> deployments.alias(model, alias, null, actor, expected)),
                _ -> exchange.respond(204, "application/json", Buffer.buffer()));
    }

    private void rollback(Exchange exchange, String project) {
        Query.of(exchange);
        ModelName model = Api.model(exchange, project);
        String actor = exchange.principal();
        change(exchange, members -> {
            Documents.requireKnown(members, Set.of("to"));
            Long to = members.containsKey("to") ? number(members, "to") : null;
            return deployments.rollback(model, to, actor);
        });
    }

    private static void change(Exchange exchange, Function<Map<String, @Nullable Object>, ModelView> work) {
        exchange.await(exchange.body(), body -> {
            Map<String, @Nullable Object> members = Documents.object(body);
            exchange.await(exchange.blocking(() -> work.apply(members)), view -> answer(exchange, view));
        });
    }

    private static long version(Map<String, @Nullable Object> members, Set<String> known) {
        Documents.requireKnown(members, known);
        return number(members, "version");
    }

    private static long number(Map<String, @Nullable Object> members, String name) {
        return switch (members.get(name)) {
            case String digits -> ModelRef.parseVersion(digits);
            case Long whole -> ModelRef.parseVersion(Long.toString(whole));
            case null -> throw missing(name, "a version in digits");
            case Object other ->
                throw new FailureException(Failure.BadInput.of(
                        List.of(new Fault(List.of("body", name), "a version in digits", other.toString()))));
        };
    }

    private static FailureException missing(String name, String rule) {
        return new FailureException(Failure.BadInput.of(List.of(new Fault(List.of("body", name), rule, "nothing"))));
    }

    private void history(Exchange exchange, String project) {
        Query query = Query.of(exchange, "limit", "page_token", "at", "verify");
        ModelName model = Api.model(exchange, project);
        int limit = query.number("limit", PAGE, 1, LARGEST_PAGE);
        Long before = before(query);
        Instant at = at(query);
        boolean verify = query.flag("verify", false);
        exchange.await(
                exchange.blocking(() -> at == null ? entries(model, limit, before, verify) : served(model, at)),
                answer -> Documents.answer(exchange, 200, answer));
    }

    private static @Nullable Long before(Query query) {
        String token = token(query);
        try {
            return token == null ? null : Long.valueOf(token);
        } catch (NumberFormatException e) {
            throw query.wrong("page_token", "a token that a page of this list gave");
        }
    }

    private static @Nullable Instant at(Query query) {
        String at = query.text("at");
        try {
            return at == null ? null : Instant.parse(at);
        } catch (DateTimeParseException e) {
            throw query.wrong("at", "a moment like 2026-11-22T04:00:00Z");
        }
    }

    private Map<String, @Nullable Object> entries(ModelName model, int limit, @Nullable Long before, boolean verify) {
        List<HistoryEntry> entries = deployments.history(model, limit + 1, before);
        if (entries.isEmpty() && before == null) {
            throw new FailureException(Failure.ModelNotFound.of(model));
        }
        List<HistoryEntry> page = entries.subList(0, Math.min(limit, entries.size()));
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("entries", page.stream().map(ModelDocuments::entry).toList());
        if (entries.size() > limit) {
            answer.put("next_page_token", token(Long.toString(page.getLast().seq())));
        }
        if (verify) {
            Registry.ChainReport report = deployments.verify(model);
            Map<String, @Nullable Object> chain = new LinkedHashMap<>();
            chain.put("entries", report.entries());
            chain.put("intact", report.intact());
            chain.put("first_broken_seq", report.firstBrokenSeq());
            chain.put("detail", report.detail());
            answer.put("chain", chain);
        }
        return answer;
    }

    private Map<String, @Nullable Object> served(ModelName model, Instant at) {
        Endpoint endpoint = deployments
                .endpointAt(model, at)
                .orElseThrow(() ->
                        new FailureException(new Failure.ModelNotFound("there was no model '" + model + "' at " + at)));
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("model", model.name());
        answer.put("at", at.toString());
        answer.put(
                "version",
                endpoint.stable().map(version -> Long.toString(version)).orElse(null));
        answer.put("endpoint", Manifests.toMap(endpoint));
        return answer;
    }
}
