package dev.slipway.packages;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.core.StorageFault;
import dev.slipway.graph.OnnxReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Opens a path: a model file, an archive, a package folder, or a folder of numbered versions. */
public final class PackageOpener {

    /** The most files and bytes that an archive may unpack to, and how many times its own size at most. */
    public record Limits(long files, long bytes, int ratio) {
        public static final Limits DEFAULT = new Limits(10_000, 16L << 30, 200);
    }

    private final Limits limits;
    private final OnnxReader reader = new OnnxReader();

    public PackageOpener(Limits limits) {
        this.limits = limits;
    }

    /**
     * Says what is at a path. Archives are unpacked below {@code scratch}, which is the caller's to delete.
     *
     * @param path a file or folder
     * @param filename the name that the file had where it came from
     * @throws FailureException {@code BadInput}, {@code Unsupported} or {@code TooLarge}, naming the file and what is
     *     wrong with it
     */
    public OpenedPackage open(Path path, String filename, Path scratch) {
        String given = lastPart(filename);
        if (Files.isDirectory(path)) {
            return folder(
                    path,
                    given.isEmpty() ? lastPart(path.toAbsolutePath().normalize().toString()) : given);
        }
        if (!Files.isRegularFile(path)) {
            throw new FailureException(Failure.BadInput.of("there is no file or folder '" + given + "'"));
        }
        try {
            return file(path, given, scratch);
        } catch (IOException e) {
            throw new FailureException(Failure.BadInput.of("'" + given + "' cannot be read: " + e.getMessage()), e);
        }
    }

    /**
     * Whether a path is one model by itself: an ONNX file, a package, or a folder of versions. Says nothing of whether it
     * can be opened.
     */
    public static boolean isModel(Path path) {
        return Files.isDirectory(path)
                ? PackageFolder.hasYaml(path)
                        || VersionFolders.in(path, "'" + path + "'").found()
                        || PackageFolder.models(path).size() == 1
                : Files.isRegularFile(path) && OnnxReader.looksLikeOnnx(path);
    }

    private OpenedPackage file(Path path, String given, Path scratch) throws IOException {
        if (Files.size(path) == 0) {
            throw new FailureException(Failure.BadInput.malformed("'" + given + "' is empty, a model is expected"));
        }
        if (!OnnxReader.looksLikeOnnx(path)) {
            Archive archive = Archive.recognised(path, given).orElse(null);
            if (archive != null) {
                Path unpacked = archive.unpack(within(scratch, "unpacked-"), limits);
                return folder(soleFolder(unpacked), stem(given));
            }
            ForeignFormat.refuse(path, given);
        }
        Path named = named(path, given, scratch);
        String file = String.valueOf(named.getFileName());
        Path folder = named.toAbsolutePath().getParent();
        if (folder == null) {
            throw new FailureException(Failure.BadInput.of("'" + given + "' is in no folder"));
        }
        PackageFolder.Opened opened = new PackageFolder(folder, "'" + given + "'", reader).open(file);
        return single(stem(given), opened);
    }

    /** The file under the name it came with, since that name is kept in the version. */
    private static Path named(Path path, String given, Path scratch) {
        String name = given.replaceAll("[^A-Za-z0-9._-]", "-");
        if (name.isEmpty() || name.startsWith(".")) {
            name = "model" + name;
        }
        if (name.length() > 200) {
            name = name.substring(name.length() - 200);
        }
        if (String.valueOf(path.getFileName()).equals(given)) {
            return path;
        }
        Path named = within(scratch, "named-").resolve(name);
        try {
            return Files.createLink(named, path);
        } catch (IOException | UnsupportedOperationException e) {
            return copied(path, given, named);
        }
    }

    private static Path copied(Path path, String given, Path named) {
        try {
            return Files.copy(path, named);
        } catch (IOException e) {
            throw new FailureException(StorageFault.of("'" + given + "' cannot be copied", e), e);
        }
    }

    private static Path within(Path scratch, String prefix) {
        try {
            return Files.createTempDirectory(scratch, prefix);
        } catch (IOException e) {
            throw new FailureException(StorageFault.of("no scratch folder can be made", e), e);
        }
    }

    private OpenedPackage folder(Path folder, String given) {
        String title = "'" + given + "'";
        if (!PackageFolder.hasYaml(folder)) {
            VersionFolders versions = VersionFolders.in(folder, title);
            if (versions.found()) {
                return new OpenedPackage(modelName(null, given), versions.open(reader));
            }
        }
        PackageFolder.Opened opened = new PackageFolder(folder, title, reader).open();
        return single(given, opened);
    }

    private static OpenedPackage single(String given, PackageFolder.Opened opened) {
        return new OpenedPackage(modelName(opened.name(), given), new TreeMap<>(Map.of(0L, opened.version())));
    }

    /** The folder itself, or the one folder in it when it has nothing else. */
    private static Path soleFolder(Path folder) throws IOException {
        try (var children = Files.list(folder)) {
            var found = children.limit(2).toList();
            return found.size() == 1
                            && Files.isDirectory(found.getFirst())
                            && !VersionFolders.numbered(found.getFirst())
                    ? found.getFirst()
                    : folder;
        }
    }

    /** A valid model name: the package's own, which must be one, or one made from a file's name. */
    private static String modelName(@Nullable String own, String given) {
        if (own != null) {
            return ModelName.of(own).name();
        }
        String name = given.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[^A-Za-z0-9]+|[-._]+$", "");
        return name.isEmpty() ? "model" : name.substring(0, Math.min(128, name.length()));
    }

    private static String stem(String file) {
        String lower = file.toLowerCase(Locale.ROOT);
        for (String ending : new String[] {".tar.gz", ".tgz", ".tar", ".zip", ".onnx"}) {
            if (lower.endsWith(ending) && file.length() > ending.length()) {
                return file.substring(0, file.length() - ending.length());
            }
        }
        return file;
    }

    private static String lastPart(String filename) {
        String trimmed = filename.replaceAll("[/\\\\]+$", "");
        String last = trimmed.substring(Math.max(trimmed.lastIndexOf('/'), trimmed.lastIndexOf('\\')) + 1);
        return last.length() > 200 ? last.substring(last.length() - 200) : last;
    }
}
