package dev.slipway.packages;

import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Manifest;
import dev.slipway.core.Signature;
import dev.slipway.core.Task;
import dev.slipway.core.TensorSpec;
import dev.slipway.graph.OnnxInspection;
import dev.slipway.graph.OnnxReader;
import dev.slipway.packages.OpenedPackage.Finding;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One version's folder: a model file, the files it refers to, and perhaps a {@code model.yaml}. */
final class PackageFolder {

    private static final long LARGEST_YAML = 1 << 20;
    private static final long LARGEST_LABELS = 16 << 20;

    private final Path folder;
    private final String title;
    private final OnnxReader reader;
    private final Faults faults = new Faults(ModelYaml.FILE);
    private final TreeSet<String> files = new TreeSet<>();
    private final List<Finding> findings = new ArrayList<>();

    /** @param title how failures call the folder */
    PackageFolder(Path folder, String title, OnnxReader reader) {
        this.folder = folder;
        this.title = title;
        this.reader = reader;
    }

    /** A version, and the name that its {@code model.yaml} gives it. */
    record Opened(@Nullable String name, OpenedPackage.Version version) {}

    static boolean hasYaml(Path folder) {
        return Files.exists(folder.resolve(ModelYaml.FILE), LinkOption.NOFOLLOW_LINKS);
    }

    /** Opens the folder; what it has beside the version's files is left out. */
    Opened open() {
        Element document = hasYaml(folder)
                ? YamlReader.read(ModelYaml.FILE, text(ModelYaml.FILE, folder.resolve(ModelYaml.FILE), LARGEST_YAML))
                : new Element.Scalar("", null, 0);
        Fields fields = Fields.of(document, faults);
        return open(ModelYaml.read(fields), fields);
    }

    /** Opens one model file of the folder. */
    Opened open(String model) {
        return open(ModelYaml.NOTHING.withModel(model), Fields.of(Element.of(Map.of()), faults));
    }

    private Opened open(ModelYaml yaml, Fields fields) {
        String model = yaml.model() == null ? onlyModel() : normal(fields, "model", yaml.model());
        if (model == null) {
            faults.refuse();
            throw new FailureException(Failure.BadInput.of(title + " names no model"));
        }
        Path file = folder.resolve(model);
        if (!OnnxReader.looksLikeOnnx(file)) {
            ForeignFormat.refuse(file, model);
        }
        OnnxInspection inspection = reader.inspect(file);
        files.add(model);
        int slash = model.lastIndexOf('/');
        inspection.externalFiles().forEach(weights -> files.add(model.substring(0, slash + 1) + weights));
        Manifest manifest = manifest(yaml, fields, model, inspection);
        OnnxInspection.ClassOutputs classes = inspection.classOutputs();
        new ManifestCheck(manifest, fields).run(classes == null ? null : classes.scores());
        faults.refuse();
        findings.addAll(0, Findings.of(inspection, manifest, yaml.task() == null));
        return new Opened(
                yaml.name(),
                new OpenedPackage.Version(
                        folder, List.copyOf(files), manifest, yaml.settings(), List.copyOf(findings)));
    }

    private Manifest manifest(ModelYaml yaml, Fields fields, String model, OnnxInspection inspection) {
        List<String> labels = labels(yaml, fields);
        Task inferred = inferred(inspection, yaml.columns());
        Manifest.Checks checks = checks(yaml.checks(), fields.sectionAt("checks"));
        Map<String, Manifest.Output> outputs = yaml.outputs();
        OnnxInspection.ClassOutputs classes = inspection.classOutputs();
        Task task = yaml.task() == null ? inferred : yaml.task();
        if (outputs.isEmpty() && task == Task.TABULAR_CLASSIFICATION && classes != null) {
            String from = classes.scores() == null ? classes.label() : classes.scores();
            outputs = from == null ? outputs : Map.of("class", new Manifest.Output(from, List.of()));
        }
        return new Manifest(
                "onnx",
                model,
                task,
                yaml.description() == null ? "" : yaml.description(),
                labels.isEmpty() && task != Task.TENSORS ? inspection.classLabels() : labels,
                yaml.columns(),
                inspection.signature(),
                yaml.inputs(),
                outputs,
                checks,
                yaml.batchable(),
                yaml.lineage());
    }

    /** A classifier with labels of its own over rows of so many features is tabular; nothing else is guessed. */
    private static Task inferred(OnnxInspection inspection, List<String> columns) {
        OnnxInspection.ClassOutputs classes = inspection.classOutputs();
        boolean classifier = classes != null && !inspection.classLabels().isEmpty();
        return classifier && rows(inspection.signature(), columns) ? Task.TABULAR_CLASSIFICATION : Task.TENSORS;
    }

    private static boolean rows(Signature signature, List<String> columns) {
        List<DeclaredShape> shapes = signature.inputs().stream()
                .filter(input -> !input.optional())
                .map(TensorSpec::shape)
                .toList();
        boolean table = !shapes.isEmpty()
                && shapes.stream()
                        .allMatch(shape -> shape.ranked()
                                && (shape.dims().size() == 1 || shape.dims().size() == 2));
        return table
                && (shapes.size() == 1
                        ? !columns.isEmpty() || shapes.getFirst().dims().getLast() instanceof Dimension.Fixed
                        : shapes.stream().allMatch(PackageFolder::column));
    }

    /** Whether a shape can hold one value per row. */
    private static boolean column(DeclaredShape shape) {
        return shape.dims().size() == 1 || !(shape.dims().getLast() instanceof Dimension.Fixed(long size) && size != 1);
    }

    private List<String> labels(ModelYaml yaml, Fields fields) {
        if (yaml.labelsFile() == null) {
            return yaml.labels();
        }
        String file = normal(fields, "labels", yaml.labelsFile());
        if (file == null) {
            return List.of();
        }
        files.add(file);
        List<String> labels = new ArrayList<>(text(file, folder.resolve(file), LARGEST_LABELS)
                .lines()
                .map(String::strip)
                .toList());
        while (!labels.isEmpty() && labels.getLast().isEmpty()) {
            labels.removeLast();
        }
        int blank = labels.indexOf("");
        if (blank >= 0) {
            fields.fault("labels", "must have one label a line", "an empty line " + (blank + 1) + " in " + file);
        }
        return labels;
    }

    private Manifest.Checks checks(Manifest.Checks checks, Fields fields) {
        String golden = checks.golden() == null ? null : normal(fields, "golden", checks.golden());
        if (golden != null) {
            files.add(golden);
        }
        Manifest.Accuracy accuracy = checks.accuracy();
        if (accuracy != null) {
            String data = normal(fields.sectionAt("accuracy"), "data", accuracy.data());
            if (data != null) {
                files.add(data);
                accuracy = new Manifest.Accuracy(data, accuracy.label(), accuracy.atLeast());
            }
        }
        return new Manifest.Checks(golden, accuracy, checks.latency());
    }

    /** The names of the ONNX files in a folder. */
    static List<String> models(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS))
                    .filter(OnnxReader::looksLikeOnnx)
                    .map(child -> String.valueOf(child.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable("'" + folder.getFileName() + "'", e);
        }
    }

    private String onlyModel() {
        List<String> models = models(folder);
        if (models.size() > 1) {
            throw new FailureException(Failure.BadInput.of(title + " has several models, " + String.join(", ", models)
                    + ": say which one is meant by the key 'model' of a " + ModelYaml.FILE));
        }
        if (models.isEmpty()) {
            ForeignFormat.refuseFolder(folder, title, reader);
        }
        return models.getFirst();
    }

    /** The path of a file that a key names, or null after a fault: it must be a plain file inside the package. */
    private @Nullable String normal(Fields fields, String key, String given) {
        String rule = "must be the path of a file inside the package, with '/'";
        String shown = "'" + given + "'";
        try {
            Path path = Path.of(given);
            Path normal = path.normalize();
            if (given.isBlank()
                    || path.isAbsolute()
                    || given.contains("\\")
                    || given.matches("[A-Za-z]:.*")
                    || normal.startsWith("..")
                    || normal.toString().isEmpty()) {
                fields.fault(key, rule, shown);
                return null;
            }
            Path file = folder;
            for (Path part : normal) {
                file = file.resolve(part);
                if (Files.isSymbolicLink(file)) {
                    fields.fault(key, rule + ", not a link", shown);
                    return null;
                }
            }
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                fields.fault(key, "must be a file of the package", shown + ", which is not there,");
                return null;
            }
            return normal.toString().replace(normal.getFileSystem().getSeparator(), "/");
        } catch (InvalidPathException e) {
            fields.fault(key, rule, shown);
            return null;
        }
    }

    private String text(String name, Path file, long most) {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new FailureException(Failure.BadInput.of(title + ": " + name + " is not a plain file"));
            }
            if (Files.size(file) > most) {
                throw new FailureException(new Failure.TooLarge(
                        title + ": " + name + " has " + Files.size(file) + " bytes, at most " + most + " are read"));
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new FailureException(Failure.BadInput.malformed(title + ": " + name + " is not UTF-8 text"), e);
        } catch (IOException e) {
            throw unreadable(title + ": " + name, e);
        }
    }

    private static FailureException unreadable(String what, IOException e) {
        return new FailureException(Failure.BadInput.of(what + " cannot be read: " + e.getMessage()), e);
    }
}
