package dev.slipway.protocols.slipway;

import dev.slipway.deployment.Deployments;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.Mount;
import dev.slipway.server.spi.Permission;
import dev.slipway.server.spi.ServerInfo;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pages for people: the start page, the docs page with its assets, a page per kind of error; and OpenAPI. */
final class PageRoutes {

    /** Nothing comes from elsewhere and nothing inline runs. Swagger UI sets style attributes. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none';"
            + " frame-ancestors 'none'";

    private static final String WEBJAR = "/META-INF/resources/webjars/swagger-ui/5.30.1/";

    private static final Map<String, Asset> ASSETS = Map.of(
            "swagger-ui.css", new Asset(WEBJAR + "swagger-ui.css", "text/css"),
            "swagger-ui-bundle.js", new Asset(WEBJAR + "swagger-ui-bundle.js", "text/javascript"),
            "docs.js", new Asset("docs.js", "text/javascript"),
            "docs.css", new Asset("docs.css", "text/css"),
            "start.js", new Asset("start.js", "text/javascript"),
            "start.css", new Asset("start.css", "text/css"),
            "icon.svg", new Asset("icon.svg", "image/svg+xml"));

    private record Asset(String resource, String contentType) {}

    private final StartPage start;
    private final OpenApiDocument openApi;
    private final ServerInfo info;
    private final Deployments deployments;

    PageRoutes(Deployments deployments, ServerInfo info) {
        this.deployments = deployments;
        this.info = info;
        this.start = new StartPage(deployments, info);
        this.openApi = new OpenApiDocument(deployments, info.version());
    }

    void mount(Mount mount) {
        mount.route(HttpMethod.GET, "/", Permission.INFER, this::start);
        mount.route(HttpMethod.GET, "/openapi.json", Permission.INFER, this::openApi);
        mount.route(
                HttpMethod.GET,
                "/docs",
                Permission.PUBLIC,
                exchange -> page(exchange, 200, Resources.text("docs.html")));
        mount.route(HttpMethod.GET, "/docs/{asset}", Permission.PUBLIC, PageRoutes::asset);
        mount.route(HttpMethod.GET, "/errors/{code}", Permission.PUBLIC, PageRoutes::error);
        mount.route(HttpMethod.GET, "/favicon.ico", Permission.PUBLIC, exchange -> asset(exchange, "icon.svg"));
    }

    private void start(Exchange exchange) {
        if (wantsHtml(exchange)) {
            exchange.await(exchange.blocking(start::html), html -> page(exchange, 200, html));
            return;
        }
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("name", "slipway");
        answer.put("version", info.version());
        answer.put(
                "models",
                deployments.server().published().stream()
                        .map(published -> published.model().toString())
                        .toList());
        answer.put(
                "links",
                Map.of("openapi", "/openapi.json", "docs", "/docs", "models", "/api/v1/models", "metrics", "/metrics"));
        Documents.answer(exchange, 200, answer);
    }

    private static boolean wantsHtml(Exchange exchange) {
        String accept = exchange.header("Accept");
        return accept != null && accept.toLowerCase(Locale.ROOT).contains("text/html");
    }

    private void openApi(Exchange exchange) {
        exchange.await(
                exchange.blocking(() -> Documents.buffer(openApi.make())),
                document -> exchange.respond(200, "application/json", document));
    }

    static void page(Exchange exchange, int status, String html) {
        guard(exchange);
        exchange.responseHeader("Cache-Control", "no-cache");
        exchange.respond(status, "text/html; charset=utf-8", Buffer.buffer(html.getBytes(StandardCharsets.UTF_8)));
    }

    private static void guard(Exchange exchange) {
        exchange.responseHeader("Content-Security-Policy", POLICY);
        exchange.responseHeader("X-Content-Type-Options", "nosniff");
        exchange.responseHeader("Referrer-Policy", "no-referrer");
    }

    private static void asset(Exchange exchange) {
        asset(exchange, exchange.path("asset"));
    }

    private static void asset(Exchange exchange, String name) {
        Asset asset = ASSETS.get(name);
        if (asset == null) {
            ProblemDocument.answer(
                    exchange, 404, "Not found", "there is no '" + name + "' among " + List.copyOf(ASSETS.keySet()));
            return;
        }
        exchange.await(exchange.blocking(() -> Resources.bytes(asset.resource())), bytes -> {
            guard(exchange);
            exchange.responseHeader("Cache-Control", "max-age=3600");
            exchange.respond(200, asset.contentType(), Buffer.buffer(bytes));
        });
    }

    private static void error(Exchange exchange) {
        String code = exchange.path("code");
        String html = ErrorPage.html(code);
        if (html == null) {
            ProblemDocument.answer(exchange, 404, "Not found", "there is no kind of error '" + code + "'");
            return;
        }
        page(exchange, 200, html);
    }
}
