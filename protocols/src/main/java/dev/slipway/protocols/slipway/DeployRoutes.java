package dev.slipway.protocols.slipway;

import dev.slipway.core.Failure;
import dev.slipway.core.Failure.Fault;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.deployment.DeployRequest;
import dev.slipway.deployment.DeployResult;
import dev.slipway.deployment.Deployments;
import dev.slipway.deployment.Scratch;
import dev.slipway.json.Json;
import dev.slipway.packages.Manifests;
import dev.slipway.packages.OpenedPackage.Finding;
import dev.slipway.registry.VersionRecord.FileRecord;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.Permission;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * New versions: the body is a model file, an archive of a package, or a JSON list of file names and the digests of blobs
 * that were brought ahead.
 */
final class DeployRoutes {

    private final Deployments deployments;
    private final BlobFolder blobs;

    DeployRoutes(Deployments deployments) {
        this.deployments = deployments;
        this.blobs = new BlobFolder(deployments.artifacts());
    }

    void mount(Api api) {
        api.route(HttpMethod.POST, "/models/{model}/versions", Permission.ADMINISTER, this::deploy);
    }

    private void deploy(Exchange exchange, String project) {
        Query query = Query.of(exchange, "filename", "wait", "serve", "alias", "force");
        ModelName model = Api.model(exchange, project);
        Wish wish = new Wish(
                model,
                filename(query, model),
                exchange.principal(),
                query.text("alias"),
                query.flag("serve", true),
                awaitReady(query),
                query.flag("force", false));
        if (isList(exchange)) {
            exchange.await(exchange.body(), body -> {
                List<FileRecord> files = files(Documents.object(body));
                answer(exchange, exchange.blocking(() -> blobs.with(files, folder -> run(wish, folder))));
            });
        } else {
            exchange.await(exchange.upload(), file -> answer(exchange, exchange.blocking(() -> runOnce(wish, file))));
        }
    }

    /** What the request asks for, before the files are there. */
    private record Wish(
            ModelName model,
            String filename,
            String actor,
            @Nullable String alias,
            boolean serve,
            boolean awaitReady,
            boolean force) {}

    private DeployResult run(Wish wish, Path path) {
        return deployments.deploy(new DeployRequest(
                wish.model(),
                path,
                wish.filename(),
                wish.actor(),
                wish.alias(),
                wish.serve(),
                wish.awaitReady(),
                wish.force() ? DeployRequest.Known.NONE : DeployRequest.Known.NEWEST,
                _ -> {}));
    }

    private DeployResult runOnce(Wish wish, Path upload) {
        try {
            return run(wish, upload);
        } finally {
            Scratch.discard(upload);
        }
    }

    private static String filename(Query query, ModelName model) {
        String given = query.text("filename");
        if (given == null) {
            return model.name();
        }
        if (given.isBlank() || given.length() > 255 || given.contains("/") || given.contains("\\")) {
            throw query.wrong("filename", "a file's name without a folder");
        }
        return given;
    }

    private static boolean awaitReady(Query query) {
        String wait = query.text("wait");
        if (wait == null || wait.equals("ready")) {
            return true;
        }
        if (wait.equals("registered")) {
            return false;
        }
        throw query.wrong("wait", "ready or registered");
    }

    private static boolean isList(Exchange exchange) {
        String type = exchange.header("Content-Type");
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/json");
    }

    private static List<FileRecord> files(Map<String, @Nullable Object> members) {
        Documents.requireKnown(members, Set.of("files"));
        if (!(members.get("files") instanceof List<?> listed) || listed.isEmpty()) {
            throw wrong(List.of("body", "files"), "a list of {\"name\", \"digest\"}", "nothing");
        }
        List<FileRecord> files = new ArrayList<>();
        for (int i = 0; i < listed.size(); i++) {
            List<Object> path = List.of("body", "files", i);
            if (!(listed.get(i) instanceof Map<?, ?> file)
                    || !(file.get("name") instanceof String name)
                    || !(file.get("digest") instanceof String digest)
                    || file.size() != 2) {
                throw wrong(path, "{\"name\", \"digest\"} and nothing else", Json.write(listed.get(i)));
            }
            files.add(new FileRecord(name, BlobRoutes.digest(digest), 0));
        }
        return files;
    }

    private static FailureException wrong(List<Object> path, String rule, String given) {
        return new FailureException(Failure.BadInput.of(List.of(new Fault(path, rule, given))));
    }

    private void answer(Exchange exchange, Future<DeployResult> result) {
        exchange.await(result, deployed -> {
            ModelName model = deployed.model().record().name();
            Revision.tag(exchange, deployed.model().record().revision());
            exchange.responseHeader(
                    "Location",
                    ModelDocuments.path(model, deployed.version().record().number()));
            Documents.answer(exchange, status(deployed), document(deployed));
        });
    }

    /** 201 only for what is durable and, where it should serve, serving. */
    private static int status(DeployResult result) {
        if (!result.created()) {
            return 200;
        }
        return switch (result.version().state()) {
            case LOADING -> 202;
            case REGISTERED, READY, UNLOADING, UNLOADED, FAILED -> 201;
        };
    }

    private static String level(Finding finding) {
        return switch (finding.level()) {
            case INFO -> "info";
            case WARNING -> "warning";
        };
    }

    private Map<String, @Nullable Object> document(DeployResult result) {
        Map<String, @Nullable Object> answer =
                new LinkedHashMap<>(ModelDocuments.version(result.model(), result.version()));
        answer.put("created_now", result.created());
        answer.put("endpoint", Manifests.toMap(result.model().record().endpoint()));
        Examples.put(answer, deployments, result.version());
        answer.put("versions", result.versions().stream().map(String::valueOf).toList());
        answer.put(
                "findings",
                result.findings().stream()
                        .map(finding -> Map.of("level", level(finding), "text", finding.text()))
                        .toList());
        answer.put(
                "checks",
                result.checks().stream()
                        .map(check -> Map.of("name", check.name(), "passed", check.passed(), "detail", check.detail()))
                        .toList());
        return answer;
    }
}
