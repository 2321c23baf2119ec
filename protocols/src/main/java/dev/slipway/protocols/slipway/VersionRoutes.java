package dev.slipway.protocols.slipway;

import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.core.Settings;
import dev.slipway.deployment.Deployments;
import dev.slipway.deployment.ModelView;
import dev.slipway.deployment.VersionView;
import dev.slipway.packages.Manifests;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.Permission;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Versions and their settings. */
final class VersionRoutes {

    private static final String VERSION = "/models/{model}/versions/{version}";

    private final Deployments deployments;

    VersionRoutes(Deployments deployments) {
        this.deployments = deployments;
    }

    void mount(Api api) {
        api.route(HttpMethod.GET, "/models/{model}/versions", Permission.INFER, this::list);
        api.route(HttpMethod.GET, VERSION, Permission.INFER, this::describe);
        api.route(HttpMethod.DELETE, VERSION, Permission.ADMINISTER, this::remove);
        api.route(HttpMethod.GET, VERSION + "/settings", Permission.INFER, this::settings);
        api.route(
                HttpMethod.PUT,
                VERSION + "/settings",
                Permission.ADMINISTER,
                (exchange, project) -> revise(exchange, project, false));
        api.route(
                HttpMethod.PATCH,
                VERSION + "/settings",
                Permission.ADMINISTER,
                (exchange, project) -> revise(exchange, project, true));
    }

    private static long version(Exchange exchange) {
        return ModelRef.parseVersion(exchange.path("version"));
    }

    private void list(Exchange exchange, String project) {
        Query query = Query.of(exchange, "limit", "page_token");
        int limit = query.number("limit", 100, 1, 1000);
        String token = query.text("page_token");
        long below = token == null ? Long.MAX_VALUE : ModelRef.parseVersion(token);
        ModelName model = Api.model(exchange, project);
        exchange.await(exchange.blocking(() -> deployments.model(model)), view -> {
            List<VersionView> rest = view.versions().reversed().stream()
                    .filter(version -> version.record().number() < below)
                    .toList();
            List<VersionView> page = rest.subList(0, Math.min(limit, rest.size()));
            Map<String, @Nullable Object> answer = new LinkedHashMap<>();
            answer.put(
                    "versions",
                    page.stream()
                            .map(version -> ModelDocuments.version(view, version))
                            .toList());
            if (rest.size() > page.size()) {
                answer.put(
                        "next_page_token", Long.toString(page.getLast().record().number()));
            }
            Documents.answer(exchange, 200, answer);
        });
    }

    private void describe(Exchange exchange, String project) {
        Query.of(exchange);
        ModelName model = Api.model(exchange, project);
        long version = version(exchange);
        exchange.await(exchange.blocking(() -> deployments.model(model)), view -> {
            Revision.tag(exchange, view.record().revision());
            VersionView described = view.version(version);
            Map<String, @Nullable Object> answer = ModelDocuments.version(view, described);
            Examples.put(answer, deployments, described);
            Documents.answer(exchange, 200, answer);
        });
    }

    private void remove(Exchange exchange, String project) {
        Query.of(exchange);
        ModelName model = Api.model(exchange, project);
        long version = version(exchange);
        String actor = exchange.principal();
        exchange.await(
                exchange.blocking(() -> {
                    deployments.removeVersion(model, version, actor);
                    return model;
                }),
                _ -> exchange.respond(204, "application/json", Buffer.buffer()));
    }

    private void settings(Exchange exchange, String project) {
        Query.of(exchange);
        ModelName model = Api.model(exchange, project);
        long version = version(exchange);
        exchange.await(
                exchange.blocking(() -> deployments.model(model)), view -> answerSettings(exchange, view, version));
    }

    private static void answerSettings(Exchange exchange, ModelView view, long number) {
        VersionView version = view.version(number);
        Revision.tag(exchange, view.record().revision());
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("model", view.record().name().name());
        answer.put("version", Long.toString(number));
        answer.put("revision", version.record().settingsRevision());
        answer.put("settings", Manifests.toMap(version.settings()));
        Documents.answer(exchange, 200, answer);
    }

    private void revise(Exchange exchange, String project, boolean keepOthers) {
        Query.of(exchange);
        ModelName model = Api.model(exchange, project);
        long version = version(exchange);
        Long expected = Revision.expected(exchange);
        String actor = exchange.principal();
        exchange.await(exchange.body(), body -> {
            Map<String, @Nullable Object> members = Documents.object(body);
            exchange.await(
                    exchange.blocking(() -> deployments.settings(
                            model,
                            version,
                            current -> Manifests.settings(members, keepOthers ? current : Settings.DEFAULT),
                            actor,
                            expected)),
                    view -> answerSettings(exchange, view, version));
        });
    }
}
