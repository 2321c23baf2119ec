package dev.slipway.cli;

import dev.slipway.core.FolderTree;
import dev.slipway.packages.OpenedPackage;
import dev.slipway.packages.PackageOpener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
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
            OpenedPackage opened = name == null || Files.isDirectory(source) ? opened(source) : null;
            String model = name != null ? name : Objects.requireNonNull(opened).name();
            Api.Answer answer =
                    new Upload(options.api(), progress).send(source, Api.modelPath(model) + "/versions" + query);
            progress.clear();
            Document version = Document.of(answer.json());
            output.result(
                    answer.json(),
                    () -> told(version, answer.status() == 201, samples(source, opened)),
                    () -> version.text("model") + "/" + version.text("version"));
        }
        return 0;
    }

    private String told(Document version, boolean created, Samples samples) {
        String model = version.text("model");
        String number = version.text("version");
        StringBuilder text = new StringBuilder(model + "/" + number + "  " + version.text("state"));
        text.append(created ? "\n" : "  (the same bytes as before; --force makes a new version)\n");
        version.objects("findings")
                .forEach(finding -> text.append("  ")
                        .append(finding.text("level").equals("warning") ? "warning: " : "")
                        .append(finding.text("text"))
                        .append('\n'));
        version.objects("checks")
                .forEach(check ->
                        text.append("  ").append(VersionText.check(check)).append('\n'));
        ModelText now = new ModelText(version);
        boolean aliased = alias != null
                && !alias.equals("stable")
                && version.texts("aliases").contains(alias);
        text.append(aliased ? model + "@" + alias + " is " + number + "; " : "")
                .append(model + " serves " + now.serving() + "\n");
        if (aliased || now.answers(number)) {
            new TrialCommands(options.command(), "")
                    .asking(
                            aliased ? model + "@" + alias : model,
                            samples,
                            version.members().get("example"))
                    .ifPresent(line -> text.append("Try it: ").append(line).append('\n'));
        } else {
            text.append("Serve it: " + options.command() + " promote " + model + " --to " + number + "\n");
        }
        return text.toString();
    }

    private Samples samples(Path source, @Nullable OpenedPackage opened) {
        Path directory = options.environment().directory();
        return opened == null || !Files.isDirectory(source)
                ? Samples.none(directory)
                : new Samples(
                        directory,
                        source,
                        opened.versions().lastEntry().getValue().manifest());
    }

    /** What is at a path; refuses here what no server would take, before anything is sent. */
    private static OpenedPackage opened(Path source) throws IOException {
        Path scratch = Files.createTempDirectory("slipway-deploy");
        try {
            return new PackageOpener(PackageOpener.Limits.DEFAULT)
                    .open(source, source.getFileName().toString(), scratch);
        } finally {
            FolderTree.delete(scratch);
        }
    }
}
