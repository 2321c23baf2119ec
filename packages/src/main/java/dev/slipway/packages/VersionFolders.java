package dev.slipway.packages;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelRef;
import dev.slipway.graph.OnnxReader;
import dev.slipway.packages.OpenedPackage.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The numbered folders of a model, as Triton and TensorFlow Serving lay them out: {@code 1/model.onnx}. */
final class VersionFolders {

    private static final String TRITON_CONFIG = "config.pbtxt";

    private final String title;
    private final SortedMap<Long, Path> folders = new TreeMap<>();
    private final List<Finding> findings = new ArrayList<>();

    private VersionFolders(String title) {
        this.title = title;
    }

    static VersionFolders in(Path folder, String title) {
        VersionFolders versions = new VersionFolders(title);
        try (Stream<Path> children = Files.list(folder)) {
            children.sorted().forEach(versions::add);
        } catch (IOException e) {
            throw new FailureException(Failure.BadInput.of(title + " cannot be read: " + e.getMessage()), e);
        }
        return versions;
    }

    private void add(Path child) {
        String name = String.valueOf(child.getFileName());
        if (numbered(child)) {
            folders.put(ModelRef.parseVersion(name), child);
        } else if (name.equals(TRITON_CONFIG)) {
            findings.add(Finding.warning(TRITON_CONFIG + " is not read yet: what it sets does not apply"));
        } else if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
            findings.add(Finding.info("folder '" + name + "' is no version and was left out"));
        }
    }

    /** Whether a path is a folder whose name is a version: digits that do not begin with 0. */
    static boolean numbered(Path path) {
        String name = String.valueOf(path.getFileName());
        if (!name.matches("[1-9][0-9]{0,18}") || !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        return name.length() < 19 || name.compareTo(Long.toString(Long.MAX_VALUE)) <= 0;
    }

    boolean found() {
        return !folders.isEmpty();
    }

    SortedMap<Long, OpenedPackage.Version> open(OnnxReader reader) {
        SortedMap<Long, OpenedPackage.Version> versions = new TreeMap<>();
        folders.forEach((number, folder) -> {
            OpenedPackage.Version opened = new PackageFolder(modelFolder(folder), title + " version " + number, reader)
                    .open()
                    .version();
            List<Finding> all = new ArrayList<>(opened.findings());
            all.addAll(findings);
            versions.put(
                    number,
                    new OpenedPackage.Version(
                            opened.folder(), opened.files(), opened.manifest(), opened.settings(), List.copyOf(all)));
        });
        return versions;
    }

    /** Triton's form for models with external weights is a folder {@code model.onnx} with the files in it. */
    private static Path modelFolder(Path folder) {
        Path inner = folder.resolve("model.onnx");
        return Files.isDirectory(inner, LinkOption.NOFOLLOW_LINKS) ? inner : folder;
    }
}
