package dev.slipway.cli;

import dev.slipway.packages.PackageOpener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "deploy",
        header = "Bring a model to the server.",
        description =
                "Takes an ONNX file, a package (folder or archive) or a folder of numbered versions. Returns when the "
                        + "new version is checked, durable and serving.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipway deploy model.onnx --name prices",
            "  slipway deploy my-package/",
            "  slipway deploy model.onnx --name prices --alias canary",
            "  slipway deploy package.tar.gz --no-serve"
        })
final class DeployCommand implements Callable<Integer> {

    private final GlobalOptions options;

    @Parameters(paramLabel = "PATH", description = "A file or folder.")
    private String path = "";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The model's name; default: what the package or file says.")
    private @Nullable String name;

    @Option(names = "--alias", paramLabel = "NAME", description = "Set this alias and leave the traffic where it is.")
    private @Nullable String alias;

    @Option(names = "--no-serve", description = "Only register the version.")
    private boolean register;

    @Option(names = "--force", description = "Make a new version even of the same bytes.")
    private boolean force;

    DeployCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() throws IOException {
        Path source = options.environment().resolve(path);
        if (!Files.exists(source)) {
            throw new CommandFailure("there is no file or folder '" + path + "'");
        }
        Output output = options.output();
        try (Progress progress = new Progress(options.environment(), output.quiet())) {
            progress.show("reading " + source.getFileName());
            String query =
                    "?serve=" + !register + "&force=" + force + (alias == null ? "" : "&alias=" + Api.encode(alias));
            String suggested = name == null || Files.isDirectory(source) ? suggestedName(source) : name;
            String versions = Api.modelPath(name == null ? suggested : name) + "/versions" + query;
            Api.Answer answer = new Upload(options.api(), progress).send(source, versions);
            progress.clear();
            Document version = Document.of(answer.json());
            output.result(
                    answer.json(),
                    () -> told(version, answer.status() == 201),
                    () -> version.text("model") + "/" + version.text("version"));
        }
        return 0;
    }

    private String told(Document version, boolean created) {
        String model = version.text("model");
        StringBuilder text = new StringBuilder(model + "/" + version.text("version") + "  " + version.text("state"));
        text.append(created ? "\n" : "  (the same bytes as before; --force makes a new version)\n");
        version.objects("findings")
                .forEach(finding ->
                        text.append("  ").append(finding.text("text")).append('\n'));
        version.objects("checks")
                .forEach(check ->
                        text.append("  ").append(VersionText.check(check)).append('\n'));
        if (!register) {
            text.append("Try it: ")
                    .append(options.command())
                    .append(" show ")
                    .append(model)
                    .append('\n');
        }
        return text.toString();
    }

    /** The name that what is at a path gives itself; refuses here what no server would take, before anything is sent. */
    private static String suggestedName(Path source) throws IOException {
        Path scratch = Files.createTempDirectory("slipway-deploy");
        try {
            return new PackageOpener(PackageOpener.Limits.DEFAULT)
                    .open(source, source.getFileName().toString(), scratch)
                    .name();
        } finally {
            delete(scratch);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
