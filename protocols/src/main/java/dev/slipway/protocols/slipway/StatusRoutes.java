package dev.slipway.protocols.slipway;

import dev.slipway.core.Failure;
import dev.slipway.deployment.Deployments;
import dev.slipway.deployment.ModelView;
import dev.slipway.deployment.VersionView;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.Permission;
import dev.slipway.server.spi.ServerInfo;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.serving.ModelServer;
import dev.slipway.serving.VersionState;
import dev.slipway.serving.VersionStatistics;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the server says of itself. */
final class StatusRoutes {

    private final Deployments deployments;
    private final ServerInfo info;

    StatusRoutes(Deployments deployments, ServerInfo info) {
        this.deployments = deployments;
        this.info = info;
    }

    void mount(Api api) {
        api.mount().route(HttpMethod.GET, "/api/v1/status", Permission.ADMINISTER, this::status);
    }

    private void status(Exchange exchange) {
        Query.of(exchange);
        exchange.await(
                exchange.blocking(() -> document(deployments.models())),
                document -> Documents.answer(exchange, 200, document));
    }

    private Map<String, @Nullable Object> document(List<ModelView> models) {
        TreeSet<String> engines = new TreeSet<>();
        List<Object> loaded = new ArrayList<>();
        List<Object> failed = new ArrayList<>();
        int onDemand = 0;
        for (ModelView model : models) {
            for (VersionView version : model.versions()) {
                LoadedVersion served = version.loaded();
                if (served != null) {
                    engines.add(served.engine());
                    if (version.inMemory()) {
                        loaded.add(loaded(model, version, served));
                    }
                }
                if (version.state() == VersionState.UNLOADED && version.ready()) {
                    onDemand++;
                }
                if (version.state() == VersionState.FAILED) {
                    failed.add(failed(model, version));
                }
            }
        }
        Map<String, @Nullable Object> status = new LinkedHashMap<>();
        status.put("version", info.version());
        status.put("java", Runtime.version().toString());
        status.put("ready", info.ready());
        status.put("settled", deployments.settled());
        status.put("uptime_ms", info.uptimeMillis());
        status.put("dialects", info.dialects());
        status.put("engines", List.copyOf(engines));
        status.put("registry", deployments.trouble().map(Failure::detail).orElse("ok"));
        status.put("models", models.size());
        status.put("loaded", loaded);
        status.put("on_demand", onDemand);
        status.put("failed", failed);
        status.put("memory", memory());
        return status;
    }

    private static Map<String, @Nullable Object> loaded(ModelView model, VersionView version, LoadedVersion inMemory) {
        VersionStatistics statistics = inMemory.statistics();
        Map<String, @Nullable Object> members = named(model, version);
        members.put("state", ModelDocuments.state(version));
        members.put("engine", inMemory.engine());
        members.put("batchable", inMemory.batchability().toString());
        members.put("memory_bytes", inMemory.memory());
        members.put("queued", statistics.queued());
        members.put("running", statistics.running());
        members.put("inferences", statistics.inferences());
        members.put("executions", statistics.executions());
        return members;
    }

    private static Map<String, @Nullable Object> failed(ModelView model, VersionView version) {
        Failure failure = version.failure();
        Map<String, @Nullable Object> members = named(model, version);
        if (failure != null) {
            members.put("code", failure.code());
            members.put("detail", failure.detail());
        }
        return members;
    }

    private static Map<String, @Nullable Object> named(ModelView model, VersionView version) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("model", model.record().name().name());
        members.put("project", model.record().name().project());
        members.put("version", Long.toString(version.record().number()));
        return members;
    }

    private Map<String, @Nullable Object> memory() {
        Runtime runtime = Runtime.getRuntime();
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("heap_used_bytes", runtime.totalMemory() - runtime.freeMemory());
        members.put("heap_limit_bytes", runtime.maxMemory());
        ModelServer.MemoryUse models = deployments.server().memory();
        members.put("model_bytes", models.held());
        members.put("model_limit_bytes", models.limit());
        members.put("tensor_bytes", deployments.server().pool().bytesInUse());
        members.put("tensor_leases", deployments.server().pool().leases());
        return members;
    }
}
