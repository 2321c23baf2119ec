package dev.slipway.protocols.slipway;

import dev.slipway.core.ModelName;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.Mount;
import dev.slipway.server.spi.Permission;
import io.vertx.core.http.HttpMethod;

/** The administration paths: each below {@code /api/v1} and, for a project, {@code /api/v1/projects/{project}}. */
record Api(Mount mount) {

    private static final String ROOT = "/api/v1";

    /** Answers an exchange in a project. */
    interface Handler {
        void handle(Exchange exchange, String project) throws Exception;
    }

    void route(HttpMethod method, String path, Permission permission, Handler handler) {
        mount.route(method, ROOT + path, permission, exchange -> handler.handle(exchange, ModelName.DEFAULT_PROJECT));
        mount.route(
                method,
                ROOT + "/projects/{project}" + path,
                permission,
                exchange -> handler.handle(exchange, exchange.path("project")));
    }

    static ModelName model(Exchange exchange, String project) {
        return new ModelName(project, exchange.path("model"));
    }
}
