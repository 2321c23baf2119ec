package dev.slipway.cli;

import dev.slipway.deployment.ModelView;
import dev.slipway.deployment.VersionView;
import dev.slipway.serving.LoadedVersion;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a server says when it is up: where it answers, what it serves, and commands to try. */
final class Banner {

    private static final int TRIED = 3;

    private final Environment environment;
    private final Output output;
    private final Start start;

    Banner(Environment environment, Output output, Start start) {
        this.environment = environment;
        this.output = output;
        this.start = start;
    }

    /**
     * Prints it.
     *
     * @param paths what was given to serve, where an image to try may lie
     * @param key the administration key if it was just made
     */
    void print(ServerProcess process, List<Path> paths, @Nullable String key) {
        String url = process.url();
        List<ModelView> models = process.deployments().models();
        Map<String, Object> document = document(process, models, key);
        if (output.format() == Output.Format.JSON) {
            new States(output).show("ready", document);
        } else {
            output.result(document, () -> text(process, models, paths, key), () -> url);
        }
    }

    private Map<String, Object> document(ServerProcess process, List<ModelView> models, @Nullable String key) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("url", process.url());
        document.put("administration", process.administration());
        document.put("home", process.home().toString());
        document.put("version", VersionCommand.version());
        document.put("start_ms", start.took().toMillis());
        document.put("aot_cache", start.fromCache());
        document.put(
                "models",
                models.stream().map(model -> model.record().name().name()).toList());
        if (key != null) {
            document.put("administration_key", key);
        }
        return document;
    }

    private String text(ServerProcess process, List<ModelView> models, List<Path> paths, @Nullable String key) {
        String url = process.url();
        StringBuilder text = new StringBuilder(output.bold("Slipway " + VersionCommand.version()))
                .append(" answers at ")
                .append(output.bold(url))
                .append("  (home ")
                .append(process.home())
                .append(")\n")
                .append("Started in ")
                .append(start)
                .append('\n');
        String administration = process.administration();
        if (!administration.equals(url)) {
            text.append("Administration at ")
                    .append(output.bold(administration))
                    .append(": deploy and the like with --server ")
                    .append(administration)
                    .append('\n');
        }
        text.append('\n');
        if (key != null) {
            text.append("Administration key, shown only now: ").append(key).append("\n\n");
        }
        if (models.isEmpty()) {
            text.append("No models yet. Bring one:\n  ")
                    .append(command(administration))
                    .append(" deploy model.onnx\n");
        } else {
            models(text, models);
            text.append("\nTry it:\n");
            models.stream()
                    .flatMap(model -> model.foremost().stream())
                    .filter(VersionView::ready)
                    .limit(TRIED)
                    .forEach(version -> trials(text, process, paths, version.loaded()));
        }
        return text.append("\nDocumentation: ")
                .append(url)
                .append("/docs   Stop: Ctrl-C\n")
                .toString();
    }

    private void trials(StringBuilder text, ServerProcess process, List<Path> paths, @Nullable LoadedVersion version) {
        if (version != null) {
            String url = process.url();
            Samples samples = Samples.of(environment.directory(), paths, version);
            new TrialCommands(command(url), url)
                    .of(version, process.deployments().form(version), samples)
                    .forEach(line -> text.append("  ").append(line).append('\n'));
        }
    }

    /** The program as it must be called to reach this server. */
    private String command(String url) {
        return url.equals(GlobalOptions.DEFAULT_SERVER)
                ? environment.command()
                : environment.command() + " --server " + url;
    }

    private void models(StringBuilder text, List<ModelView> models) {
        Table table = output.table("MODEL", "STATE", "TASK", "");
        for (ModelView model : models) {
            model.foremost()
                    .ifPresent(version -> table.row(
                            model.record().name() + "/" + version.record().number(),
                            version.state().name().toLowerCase(Locale.ROOT),
                            version.manifest().task().id(),
                            version.failure() == null ? "" : version.failure().detail()));
        }
        text.append(table);
    }
}
